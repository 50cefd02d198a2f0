import type { FinalJobData } from '@parley/lanes';
import type { EarlierCalls, TranslationPostponed } from '@parley/translation';

/**
 * The calls of a final that is put off, as they will stand when its job comes again. They are durations, since the worker
 * that takes it then may have another clock; a job that comes late has lost nothing by that.
 */
export function keptCalls({ delayMs, soFar, waitsFor }: TranslationPostponed): EarlierCalls {
  if (waitsFor === 'retry') return { ...soFar, elapsedMs: soFar.elapsedMs + delayMs };
  const { waitMs = 0, refusals = 0 } = soFar.turns ?? {};
  return { ...soFar, turns: { waitMs: waitMs + delayMs, refusals } };
}

/** The calls so far, as the service wants them. Older workers kept moments of their own clocks, which tell nothing here. */
export function earlierCalls(kept: NonNullable<FinalJobData['earlier']>): EarlierCalls {
  const { attempts, badReplies, elapsedMs = 0, engineMs, turns } = kept;
  return { attempts, badReplies, elapsedMs, engineMs, turns };
}
