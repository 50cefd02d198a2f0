import type { JobRequest, TranslationService } from '../service/translation-service.ts';
import type { TranslationKey } from './translation-key.ts';

/** Gives every request its key, once for all the services beneath. */
export function createKeyedService(service: TranslationService, keyOf: TranslationKey): TranslationService {
  const keyed = (request: JobRequest): JobRequest => ({ ...request, key: keyOf(request) });
  return {
    translatePartial: (request) => service.translatePartial(keyed(request)),
    translateFinal: (request, final) => service.translateFinal(keyed(request), final),
  };
}
