import type { LanguageTag } from '@parley/protocol';

/** A term and its required translation. */
export interface GlossaryEntry {
  readonly source: string;
  readonly target: string;
}

/** An earlier final of the session with its translation. */
export interface EarlierFinal {
  readonly text: string;
  readonly translation: string;
}

/** The translation of an open segment that its readers see. */
export interface ShownTranslation {
  /** The source text that it translates; absent if unknown. */
  readonly text?: string | undefined;
  readonly translation: string;
}

/** One text to translate. Engines are stateless: the request contains everything they need. */
export interface TranslationRequest {
  readonly text: string;
  /** `und`: not specified, to be detected. */
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  readonly kind: 'partial' | 'final';
  /** Rate limit capacity is shared evenly among sessions. Not sent to the engine. */
  readonly session?: string | undefined;
  /** Calls are charged to the tenant, which also scopes shared translations unless configured otherwise. Not sent to the engine. */
  readonly tenant?: string | undefined;
  /** Number of earlier finals of the session that may still be untranslated. Not sent to the engine. */
  readonly backlogPosition?: number | undefined;
  /** Failed attempts for this text so far; if any, another connection or endpoint is used. */
  readonly earlierAttempts?: number | undefined;
  /** The request fails unless this call succeeds, so endpoints with an open circuit are tried as well. */
  readonly isLastTry?: boolean | undefined;
  /** Description of the talk, written by the host. */
  readonly context?: string | undefined;
  readonly formality?: 'default' | 'formal' | 'informal' | undefined;
  readonly glossary?: readonly GlossaryEntry[] | undefined;
  /** Replaces the search for glossary entries in `text`: for an engine that translates several texts as one, see `termsOf`. */
  readonly terms?: readonly GlossaryEntry[] | undefined;
  /** The preceding finals, oldest first, if the session uses them as context. */
  readonly history?: readonly EarlierFinal[] | undefined;
  /**
   * What readers of the segment see. Engines may use it as predicted output, which does not affect the translation. For a
   * partial whose source text is known, a chat model is also asked to keep its wording, see `previousTurn`.
   */
  readonly previous?: ShownTranslation | undefined;
  /** An earlier reply was not a translation: another endpoint is used, and the engine may use stricter instructions. */
  readonly strict?: boolean | undefined;
  /** The reply is to be streamed, if the engine can, since its beginning may be shown; engines may stream others as well. */
  readonly isStreamed?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Usage of a call as the engine bills it. */
export interface EngineUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** For engines that bill characters instead of tokens. */
  readonly characters?: number | undefined;
}

/** One rate limit as reported by the engine; `undefined`: not reported. */
export interface EngineLimit {
  /** Allowance per minute. */
  readonly perMinute: number | undefined;
  /** Allowance left when the engine accepted the call. */
  readonly remaining: number | undefined;
}

/** Rate limits reported with a response. */
export interface EngineLimits {
  readonly requests: EngineLimit;
  readonly tokens: EngineLimit;
}

interface AnswerDetails {
  /** `undefined`: not reported. */
  readonly usage?: EngineUsage | undefined;
  /** `undefined`: not reported. */
  readonly limits?: EngineLimits | undefined;
}

/** The reply to one text. */
export interface EngineAnswer extends AnswerDetails {
  readonly text: string;
  /** Set if the first suitable endpoint did not make it. */
  readonly isFallback?: true;
}

/** The reply to several texts. */
export interface BatchAnswer extends AnswerDetails {
  /** In the order of the requests. */
  readonly texts: readonly string[];
}

export interface EngineCapabilities {
  /**
   * Supported [source, target] pairs; `undefined`: any. An engine that lists its pairs and can detect the source language
   * also lists `und` with each target.
   */
  readonly languagePairs: readonly (readonly [LanguageTag, LanguageTag])[] | undefined;
  /** `false`: translations never depend on `TranslationRequest.previous`. Absent: not stated. */
  readonly usesPrevious?: boolean | undefined;
}

/** How many calls an engine makes at once; further ones wait until one of these ends, in the order in which they were made. */
export interface CallCapacity {
  /** For partials and finals together; `Infinity` if calls share connections. */
  readonly calls: number;
  /** How many of them are occupied by calls that were given up, whose replies are still being received. */
  readonly lingering: number;
}

/** A translation engine. Implementations are in `@parley/engines` and pass one contract test suite. */
export interface Engine {
  /** Endpoint and model, for metrics and `engine:profile`. Contains no secrets. */
  readonly name: string;
  /**
   * Identifies what determines the translations of a kind: endpoint, model and prompt version. Changes whenever the same
   * request may be translated differently, so that older cached translations are not reused.
   */
  identity(kind: TranslationRequest['kind']): string;
  /**
   * Whether translations of partials between these languages depend on what readers see (`TranslationRequest.previous`). If
   * not, it is better left out, since requests that differ only in it can then share a translation.
   */
  usesPrevious(languages: Pick<TranslationRequest, 'source' | 'target'>): boolean;
  /** Of the endpoint that partials are sent to at present. Absent: it makes any number of calls at once. */
  callCapacity?(): CallCapacity;
  /** Opens connections ahead of the first translation. Rejects with an `EngineError`. */
  warm(signal: AbortSignal): Promise<void>;
  /** Queries the capabilities once and caches them. Rejects with an `EngineError`. */
  capabilities(signal: AbortSignal): Promise<EngineCapabilities>;
  /**
   * Checks that the endpoint is reachable and accepts the key, without translating anything. Rejects with an
   * `EngineError`. Absent if there is no single endpoint to check.
   */
  check?(signal: AbortSignal): Promise<void>;
  /**
   * Translates one text.
   *
   * @param onText receives the reply in the pieces that the engine streams, or is never called
   * @throws EngineError with any usage and limits reported before the failure; EngineCancelledError after the request's
   *   signal is aborted, which also releases the call's resources
   */
  translate(request: TranslationRequest, onText?: (text: string) => void): Promise<EngineAnswer>;
  /**
   * Translates texts of one language pair and style in one request; the signals of the requests are ignored. Absent if not
   * supported.
   *
   * @throws EngineError as `translate` does; EngineReplyError unless the response has one translation per text
   */
  translateBatch?(requests: readonly TranslationRequest[], signal: AbortSignal): Promise<BatchAnswer>;
  /**
   * Estimates what one call for these texts counts under the engine's token limit: the prompt and the maximum output
   * requested. Absent for engines without a known token limit.
   */
  countedTokens?(requests: readonly TranslationRequest[]): EngineUsage;
  /** Closes all connections. Idempotent. */
  close(): Promise<void>;
}
