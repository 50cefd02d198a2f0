import type { JobRequest, TranslationResult, TranslationService } from '../service/translation-service.ts';
import { payerOf, type Spending } from './spending.ts';
import { typicalCallTokens } from './typical-call-tokens.ts';

/** Counts the calls that a tenant was spared. It stands above the cache and the joining of calls. */
export function createSavingService(
  service: TranslationService,
  spending: Pick<Spending, 'saved'>,
): TranslationService {
  const count = (request: JobRequest, { cached, joined }: TranslationResult): void => {
    const payer = payerOf(request);
    if (payer === undefined || !(cached || joined)) return;
    spending.saved(payer, cached ? 'cached' : 'joined', typicalCallTokens(request.text));
  };
  return {
    async translatePartial(request) {
      const result = await service.translatePartial(request);
      count(request, result);
      return result;
    },
    async translateFinal(request, final) {
      const result = await service.translateFinal(request, final);
      count(request, result);
      return result;
    },
  };
}
