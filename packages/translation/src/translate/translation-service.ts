import type { TranslationRequest } from '../engine/engine.ts';
import type { RetryState } from './retry-state.ts';

/** A translation, with how it was made. */
export interface TranslationResult {
  readonly text: string;
  /** Time inside engine calls, without waits between them. */
  readonly engineMs: number;
  /** Number of engine calls made. */
  readonly attempts: number;
  readonly cached: boolean;
  /** Whether it is the result of a call made for another request. */
  readonly joined: boolean;
  /** Every reply was suspicious, so it may not be a translation: it is flagged when shown, and not reused. */
  readonly suspect?: true | undefined;
  /** Made by another, possibly worse endpoint than the first: cached for minutes at most. */
  readonly isFallbackResult?: true | undefined;
}

/** A translation request of a job. */
export interface JobRequest extends TranslationRequest {
  /** Aborted when the job no longer needs the result; the call ends unless other requests are waiting for it. */
  readonly unwanted?: AbortSignal | undefined;
  /** Another worker is handing over a call for the same text, or its result, so a short wait is worthwhile. */
  readonly isHandedOver?: boolean | undefined;
}

export interface FinalOptions {
  /**
   * Receives the translation so far while it is streamed; a retry starts anew. Not called after a bad reply, since the next
   * one is checked as a whole first.
   */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** State of a postponed final. */
  readonly earlier?: RetryState | undefined;
}

/** Translates a request; also the type of each layer of the service. */
export type Translate = (request: JobRequest, options?: TranslateOptions) => Promise<TranslationResult>;

export interface TranslateOptions extends FinalOptions {
  /** Looks up a partial in the shared translations even if `LookUpPolicy` would not. */
  readonly alwaysLooksUp?: boolean | undefined;
}

/**
 * Translates texts by reusing translations, joining calls in progress, or calling the engine. Rate limits, batching and
 * failover are part of the engine.
 */
export interface TranslationService {
  /**
   * Makes at most one call, since a newer partial follows.
   *
   * @param onProgress receives the translation so far while it is streamed, as for a final; not called for a long text, which is
   *   translated in pieces, nor for a request that joins a call of another one
   * @param nextTurn resolves when a further piece of a long text may be called, since others take turns with them
   * @throws EngineError; RateLimitReachedError if there is no capacity
   */
  translatePartial(
    request: JobRequest,
    onProgress?: FinalOptions['onProgress'],
    nextTurn?: (text: string) => Promise<void>,
  ): Promise<TranslationResult>;
  /**
   * Translates with retries according to the retry policy, waiting for capacity under the rate limit. A bad reply is retried
   * once, with stricter instructions.
   *
   * @throws EngineError of the last call
   * @throws RetryLater if the next call is too far away to wait for
   */
  translateFinal(request: JobRequest, options?: FinalOptions): Promise<TranslationResult>;
  /**
   * Hands over a partial's translation to its final, which another worker may receive. To be called when a final with the same
   * text was accepted, with the request passed to `translatePartial`. A call in progress is announced to all workers and
   * continues for up to two seconds without waiting requests; a finished result is added to the shared cache. Does nothing
   * if there is nothing to share.
   */
  share(request: JobRequest): void;
}
