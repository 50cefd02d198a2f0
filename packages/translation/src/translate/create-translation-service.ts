import type { Engine } from '../engine/engine.ts';
import { withoutPreviousTurn } from '../engine/previous-turn.ts';
import { isWhole, translatePieces } from '../pieces/translate-pieces.ts';
import { callWithRetries, type EngineCallOptions } from './call-with-retries.ts';
import { reuseTranslations, type ReuseOptions } from './reuse-translations.ts';
import type { JobRequest, TranslationService } from './translation-service.ts';

export interface TranslationServiceOptions extends EngineCallOptions {
  /** Without `usesPrevious`, translations of partials are taken to depend on what readers see. */
  readonly engine: EngineCallOptions['engine'] & Partial<Pick<Engine, 'usesPrevious'>>;
  /** Absent: every request makes its own call. */
  readonly reuse?: ReuseOptions | undefined;
  /** Memory for the pieces of long partials if translations are not cached; without it, each revision would translate all again. */
  readonly reusePieces?: ReuseOptions | undefined;
  /**
   * Returns a slot for one more concurrent call of a long partial, to be disposed after it; `undefined` if there is none.
   * Absent: there always is.
   */
  readonly trySlot?: (() => Disposable | undefined) | undefined;
}

/** Combines splitting of long partials, reuse of translations, budgets and engine calls. */
export function createTranslationService(options: TranslationServiceOptions): TranslationService {
  const { trySlot = unlimited } = options;
  const call = callWithRetries(options);
  const reuse = options.reuse && reuseTranslations(call, options.reuse);
  const translate = reuse?.translate ?? call;
  const translatePiece = options.reusePieces ? reuseTranslations(translate, options.reusePieces).translate : translate;

  /** Decided once for the call and its key, since what an engine does may become known between them. */
  function partialOf(request: JobRequest): JobRequest {
    const usesPrevious = options.engine.usesPrevious?.(request) ?? true;
    return { ...(usesPrevious ? request : withoutPreviousTurn(request)), kind: 'partial' };
  }

  return {
    translatePartial: (request, onProgress, nextTurn = () => Promise.resolve()) =>
      translatePieces(partialOf(request), {
        translate: (whole) => translate(whole, { onProgress }),
        translatePiece,
        trySlot,
        nextTurn,
      }),
    translateFinal: (request, final) => {
      // The partial of a long text was translated in pieces, which `share` leaves alone.
      const isHandedOver = request.isHandedOver === true && isWhole(request);
      return translate({ ...request, kind: 'final', isHandedOver }, final);
    },
    share(request) {
      // Finals are translated as a whole and cannot use pieces.
      if (isWhole(request)) reuse?.share(partialOf(request));
    },
  };
}

function unlimited(): Disposable {
  return { [Symbol.dispose]: () => undefined };
}
