import type { FinalJobData } from '@parley/lanes';
import type { EarlierCalls, TranslationPostponed } from '@parley/translation';

type KeptCalls = NonNullable<FinalJobData['earlier']>;

/** What a final's job keeps of the calls so far, while it waits in the lane. @param nowMs since 1970 */
export function keptCalls({ soFar, waitsFor }: TranslationPostponed, nowMs: number): KeptCalls {
  const { elapsedMs, ...rest } = soFar;
  const kept = { ...rest, firstCallAtMs: nowMs - elapsedMs };
  return waitsFor === 'turn' ? { ...kept, turnSinceMs: nowMs } : kept;
}

/** The calls so far, as the service wants them: a wait for room in the lane is none of the time since the first call. */
export function earlierCalls({ firstCallAtMs, turnSinceMs, ...rest }: KeptCalls, nowMs: number): EarlierCalls {
  const waitedMs = turnSinceMs === undefined ? 0 : Math.max(0, nowMs - turnSinceMs);
  const { waitMs = 0, refusals = 0 } = rest.turns ?? {};
  return {
    ...rest,
    elapsedMs: Math.max(0, nowMs - waitedMs - firstCallAtMs),
    ...(turnSinceMs === undefined ? {} : { turns: { waitMs: waitMs + waitedMs, refusals } }),
  };
}
