import { redisErrorCode, redisRemedy } from './redis-error.ts';

/** The fields of an error that are logged. */
export interface ErrorFields {
  readonly errorName: string;
  /** The code set by the system or a library, such as `ECONNRESET`. */
  readonly errorCode?: string;
  /** The error code of Redis, such as `NOPERM` or `READONLY`. */
  readonly redisError?: string;
  /** What an operator can do about the error of Redis. */
  readonly remedy?: string;
  /** The stack frames, without the lines that repeat the message. */
  readonly errorAt?: readonly string[];
}

/**
 * Returns the loggable fields of any thrown value. The message is omitted because it may quote private text: a parser's
 * error quotes its input.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!Error.isError(error)) return { errorName: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { errorCode: error.code } : {};
  const redisError = redisErrorCode(error);
  const remedy = redisError === undefined ? undefined : redisRemedy(redisError);
  const redis = redisError === undefined ? {} : { redisError, ...(remedy === undefined ? {} : { remedy }) };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line));
  return { errorName: error.name, ...code, ...redis, errorAt: frames.slice(0, 8).map((line) => line.trim()) };
}
