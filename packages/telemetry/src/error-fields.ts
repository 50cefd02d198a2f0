import { redisErrorCode } from './redis-error.ts';

/** What a log says of an error that came from anywhere. */
export interface ErrorFields {
  readonly errorName: string;
  /** The system's or library's code, such as `ECONNRESET`. */
  readonly errorCode?: string;
  /** The word by which Redis names its error, such as `NOPERM` or `READONLY`. */
  readonly redisError?: string;
  /** Where it was thrown: the stack without its first lines, which repeat the message. */
  readonly errorAt?: readonly string[];
}

/**
 * The fields to log of an error from which nothing is known. Its message stays out: a parser's, for one, quotes the text
 * that it choked on, and what people said is private.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!Error.isError(error)) return { errorName: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { errorCode: error.code } : {};
  const redisError = redisErrorCode(error);
  const redis = redisError === undefined ? {} : { redisError };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line));
  return { errorName: error.name, ...code, ...redis, errorAt: frames.slice(0, 8).map((line) => line.trim()) };
}
