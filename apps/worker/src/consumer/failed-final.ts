import type { ErrorCode } from '@parley/protocol';
import type { LogEntry } from '@parley/redis/log';
import type { SegmentTarget } from '@parley/redis/segment';

type FailedEntry = Extract<LogEntry, { type: 'failed' }>;

/**
 * Messages for developers of clients. All listeners receive them, so they contain no details of the engine (address, model,
 * status, time); those are logged by the worker.
 */
const failureMessages: Partial<Record<ErrorCode, string>> = {
  'engine-unavailable': 'no engine could be reached in time',
  'engine-timeout': 'the engine did not reply in time',
  'engine-rate-limited': "the engine's rate limit left no capacity in time",
  'engine-rejected': 'the engine rejects the requests of this server',
  'engine-bad-reply': 'the engine returned no translation of this text',
  'engine-cancelled': 'the call was cancelled',
  'language-unsupported': 'the engine does not support this language pair',
  'over-budget': 'the budget is spent',
};

/** Returns the log entry of a final that cannot be translated. */
export function failedFinal(
  { segmentId, target: targetLanguage }: SegmentTarget,
  code: ErrorCode,
  message: string = failureMessages[code] ?? 'the text could not be translated',
): FailedEntry {
  return { v: 1, type: 'failed', segmentId, targetLanguage, code, message };
}
