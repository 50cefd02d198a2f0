import type { Engine } from '@parley/translation';

interface FinalCounter {
  /** Tells of a call for a final; disposing the result tells of its end. */
  finalBegan(): Disposable;
}

/** Wraps an engine so that its calls for finals are counted: they need no slot, but leave fewer to partials. */
export function countingFinals(engine: Engine, counter: FinalCounter): Engine {
  return {
    ...engine,
    async translate(request, onText) {
      if (request.kind === 'partial') return await engine.translate(request, onText);
      const call = counter.finalBegan();
      try {
        return await engine.translate(request, onText);
      } finally {
        call[Symbol.dispose]();
      }
    },
  };
}
