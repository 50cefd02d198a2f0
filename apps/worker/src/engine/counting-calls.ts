import type { Engine, TranslationRequest } from '@parley/translation';

interface CallCounter {
  /** Counts a call until the result is disposed. */
  countCall(kind: TranslationRequest['kind']): Disposable;
}

/** Wraps an engine so that its calls are counted while they last. */
export function countingCalls(engine: Engine, counter: CallCounter): Engine {
  return {
    ...engine,
    async translate(request, onText) {
      const counted = counter.countCall(request.kind);
      try {
        return await engine.translate(request, onText);
      } finally {
        counted[Symbol.dispose]();
      }
    },
  };
}
