import type { TranslationRequest } from '../engine/engine.ts';
import type { RetryState } from './retry-state.ts';

/** A translation and what it took. */
export interface TranslationResult {
  readonly text: string;
  /** The time inside engine calls, waits between them not counted. */
  readonly engineMs: number;
  /** Engine calls made. */
  readonly attempts: number;
  readonly cached: boolean;
  /** It is the result of a call that was made for another request. */
  readonly joined: boolean;
  /** Every reply looked odd, the last one too: it may be no translation, so no other request gets it, and it is shown with a mark. */
  readonly suspect?: true | undefined;
  /** Another endpoint than the first made it, which may be a worse one: later requests get it for minutes at most. */
  readonly isFallbackResult?: true | undefined;
}

/** A request as a job makes it. */
export interface JobRequest extends TranslationRequest {
  /** Aborted when this job has no use for the result any more: its call ends, unless somebody else waits for it. */
  readonly unwanted?: AbortSignal | undefined;
  /** Another worker is just handing over a call for the same text, or its result: it is waited for a moment. */
  readonly isHandedOver?: boolean | undefined;
}

export interface FinalOptions {
  /**
   * Hears the translation as it grows, where the engine streams; a second try starts it anew. After a bad reply it hears
   * nothing more: the next one is looked at as a whole first.
   */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Where the final was put off before. */
  readonly earlier?: RetryState | undefined;
}

/** From a request to its translation: one step of the way, or all of it. */
export type Translate = (request: JobRequest, options?: TranslateOptions) => Promise<TranslationResult>;

export interface TranslateOptions extends FinalOptions {
  /** Looks a partial up among the translations of all workers, however seldom that finds something. */
  readonly alwaysLooksUp?: boolean | undefined;
}

/**
 * From a text to its translation: one that this thread or any worker has, a call under way, or a call of the engine.
 * Rate limits, batches and failover are beneath it, in the engine.
 */
export interface TranslationService {
  /**
   * Makes one call at most. A partial isn't worth a second: a newer one is on its way.
   *
   * @throws EngineError; RateLimitReachedError where there is no room for it now
   */
  translatePartial(request: JobRequest): Promise<TranslationResult>;
  /**
   * Calls until there is a translation, as far as the retry policy goes. It waits where the rate limit leaves no room. A
   * bad reply is asked for once more, strictly.
   *
   * @throws EngineError the last call's
   * @throws RetryLater where the next call is too far away to wait for
   */
  translateFinal(request: JobRequest, options?: FinalOptions): Promise<TranslationResult>;
  /**
   * Hands what this thread has of a partial's translation over to its final, which other workers may get: to be called
   * when a final with the same text was accepted, with the request that was given to `translatePartial`. A call under way
   * is announced to all workers, and goes on for up to two seconds although nobody here waits for it any more; what has
   * ended goes into the shared cache. Where there is nothing to share, nothing is done.
   */
  share(request: JobRequest): void;
}
