import {
  EngineCancelledError,
  createTranslationService,
  EngineUnavailableError,
  type Clock,
  type Engine,
  type RetryPolicy,
  type TranslationRequest,
} from '../src/index.ts';

const policy: RetryPolicy = {
  baseDelayMs: 100,
  maxDelayMs: 1000,
  deadlineMs: 10_000,
  maxRateLimitWaitMs: 60_000,
};
export const request: TranslationRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  signal: new AbortController().signal,
};

/** Says that another endpoint than the first made a reply. */
export const fallback = Symbol('fallback');
/** What an engine does with one call: it fails, or gives these pieces and says that it is a fallback. */
type Step = Error | readonly (string | typeof fallback)[];

/** The service on an engine that follows its steps, each taking 10 ms, under a clock that moves by itself. */
export function serviceOf(
  steps: readonly Step[],
  clock: Partial<Clock> = {},
  longestWaitMs = Infinity,
  usesPrevious?: Engine['usesPrevious'],
) {
  let now = 0;
  const waits: number[] = [];
  const calls: TranslationRequest[] = [];
  let pieces = 0;
  const service = createTranslationService({
    engine: {
      ...(usesPrevious ? { usesPrevious } : {}),
      async translate(given, onText) {
        const step = steps[calls.push(given) - 1] ?? [];
        now += 10;
        await Promise.resolve();
        if (step instanceof Error) throw step;
        let text = '';
        for (const piece of step) {
          if (piece === fallback) continue;
          if (given.signal.aborted) throw new EngineCancelledError('the call was cancelled');
          pieces++;
          text += piece;
          onText?.(piece);
        }
        return { text, ...(step.includes(fallback) ? { isFallback: true } : {}) };
      },
    },
    retry: policy,
    longestWaitMs,
    random: () => 0.5,
    clock: {
      now: () => now,
      delay: (delayMs) => {
        waits.push(delayMs);
        now += delayMs;
        return Promise.resolve();
      },
      ...clock,
    },
  });
  return { service, calls, waits, read: () => pieces };
}

export const unavailable = new EngineUnavailableError('down');
