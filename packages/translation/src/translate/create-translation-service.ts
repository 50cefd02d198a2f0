import { isWhole, translatePieces } from '../pieces/translate-pieces.ts';
import { callWithRetries, type EngineCallOptions } from './call-with-retries.ts';
import { reuseTranslations, type ReuseOptions } from './reuse-translations.ts';
import type { TranslationService } from './translation-service.ts';

export interface TranslationServiceOptions extends EngineCallOptions {
  /** Left out: every request makes a call of its own. */
  readonly reuse?: ReuseOptions | undefined;
  /** How the pieces of long partials are remembered where nothing is cached, or else each revision would ask for all of them. */
  readonly reusePieces?: ReuseOptions | undefined;
}

/** The way of a request: pieces of a long partial, reuse, budget, calls of the engine. */
export function createTranslationService(options: TranslationServiceOptions): TranslationService {
  const call = callWithRetries(options);
  const reuse = options.reuse && reuseTranslations(call, options.reuse);
  const translate = reuse?.translate ?? call;
  const translatePiece = options.reusePieces ? reuseTranslations(translate, options.reusePieces).translate : translate;
  return {
    translatePartial: (request) => translatePieces({ ...request, kind: 'partial' }, translate, translatePiece),
    translateFinal: (request, final) => translate({ ...request, kind: 'final' }, final),
    share(request) {
      // A final is translated as a whole, so pieces are of no use to it.
      if (isWhole(request)) reuse?.share({ ...request, kind: 'partial' });
    },
  };
}
