/** What an answer other than 2xx has to become. */
export type ErrorClass = 'rejected' | 'unavailable' | 'rate-limited';

/** An answer to a request that failed, in the form that the vendor documents; the words in it are ours. */
export interface ErrorAnswer {
  readonly name: string;
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it is. */
  readonly body: unknown;
  readonly becomes: ErrorClass;
  /** How long the vendor asks to wait, in milliseconds, where headers or body say so. */
  readonly retryAfterMs?: number;
  /** The parameter that the vendor doesn't take, where that is what the answer says: the call succeeds without it. */
  readonly refusedParameter?: string;
}
