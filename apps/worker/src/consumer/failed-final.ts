import type { ErrorCode } from '@parley/protocol';
import type { LogEntry } from '@parley/redis/log';
import type { SegmentTarget } from '@parley/redis/segment';

type FailedEntry = Extract<LogEntry, { type: 'failed' }>;

/**
 * What a client's developer is told. Everybody who listens gets it, so it holds nothing of the engine's: no address, model,
 * status or time. Those are in the worker's log.
 */
const failureMessages: Partial<Record<ErrorCode, string>> = {
  'engine-unavailable': 'no engine could be reached in time',
  'engine-timeout': 'the engine did not answer in time',
  'engine-rate-limited': "the engine's rate limit left no room in time",
  'engine-rejected': 'the engine refuses the requests of this server',
  'engine-bad-reply': 'the engine gave no translation of this text',
  'engine-cancelled': 'the call was given up',
  'language-unsupported': 'the engine does not translate between these languages',
  'over-budget': 'the budget is spent',
};

/** The result of a final that can't be translated. */
export function failedFinal(
  { segmentId, target: targetLanguage }: SegmentTarget,
  code: ErrorCode,
  message: string = failureMessages[code] ?? 'the text could not be translated',
): FailedEntry {
  return { v: 1, type: 'failed', segmentId, targetLanguage, code, message };
}
