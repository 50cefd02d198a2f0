import type { LanguageTag } from '@parley/protocol';

/** A term and how it must be translated. */
export interface GlossaryEntry {
  readonly source: string;
  readonly target: string;
}

/** A final that was translated before. */
export interface EarlierFinal {
  readonly text: string;
  readonly translation: string;
}

/** One text to translate. Everything an engine needs stands here; it keeps no state between two requests. */
export interface TranslationRequest {
  readonly text: string;
  /** `und`: nobody has named it, so it is to be detected. */
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  readonly kind: 'partial' | 'final';
  /** Whose text it is: the room under a rate limit is shared evenly among sessions. No engine is told. */
  readonly session?: string | undefined;
  /**
   * Whose request it is: tenants pay for their calls, and share translations only where they are told to. No engine is
   * told.
   */
  readonly tenant?: string | undefined;
  /** How many finals of its session were accepted before it and may not be translated yet. No engine is told. */
  readonly backlogPosition?: number | undefined;
  /** How often this text has been asked for in vain, 0 at first: another connection or endpoint is to serve it. */
  readonly earlierAttempts?: number | undefined;
  /** It fails unless this call succeeds: endpoints that are left alone for having failed are asked as well. */
  readonly lastTry?: boolean | undefined;
  /** What the talk is about, in the host's words. */
  readonly context?: string | undefined;
  readonly formality?: 'default' | 'formal' | 'informal' | undefined;
  readonly glossary?: readonly GlossaryEntry[] | undefined;
  /** Those of them that occur in the text, where somebody has looked for them already, see `termsOf`. */
  readonly terms?: readonly GlossaryEntry[] | undefined;
  /** The last finals before this one, oldest first, where the session wants them as context. */
  readonly history?: readonly EarlierFinal[] | undefined;
  /** What was last shown for this segment: an engine that can may take it for a prediction. It changes no translation. */
  readonly previous?: string | undefined;
  /** A reply before was no translation: another endpoint is asked, and an engine may put its instructions more strongly. */
  readonly strict?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** What a call took, as the engine bills it. */
export interface EngineUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of an engine that bills characters instead of tokens. */
  readonly characters?: number | undefined;
}

/** What an engine says of one of its limits; `undefined`: it doesn't say. */
export interface EngineLimit {
  /** What may be used in a minute. */
  readonly perMinute: number | undefined;
  /** What was left of it when the engine took the call. */
  readonly remaining: number | undefined;
}

/** What an engine says of its rate limits, with an answer or a refusal. */
export interface EngineLimits {
  readonly requests: EngineLimit;
  readonly tokens: EngineLimit;
}

/** What an engine tells with an answer. */
interface AnswerDetails {
  /** `undefined`: it doesn't say. */
  readonly usage?: EngineUsage | undefined;
  /** `undefined`: it doesn't say. */
  readonly limits?: EngineLimits | undefined;
}

/** The reply to one text. */
export interface EngineAnswer extends AnswerDetails {
  readonly text: string;
  /** Made by another endpoint than the first of those that could have made it. */
  readonly isFallback?: true;
}

/** The reply to several texts. */
export interface BatchAnswer extends AnswerDetails {
  /** The translations, in the order of the texts. */
  readonly texts: readonly string[];
}

export interface EngineCapabilities {
  /**
   * The pairs it translates, as [source, target]; `undefined`: any. The source `und` stands for one that the engine detects,
   * so an engine that lists its pairs and can detect a language lists `und` with each target as well.
   */
  readonly languagePairs: readonly (readonly [LanguageTag, LanguageTag])[] | undefined;
}

/**
 * What turns a text into its translation. Implementations live in `@parley/engines` and pass one contract suite.
 */
export interface Engine {
  /** Names it in metrics and in `engine:profile`: endpoint and model, no secrets. */
  readonly name: string;
  /**
   * What makes its translations of a kind: endpoint, model and the version of what they are asked with. It changes
   * whenever the same request may be translated otherwise, so that nothing older is taken for it.
   */
  identity(kind: TranslationRequest['kind']): string;
  /** Opens and warms connections, so that the first translation pays no handshake. Rejects with an `EngineError`. */
  warm(signal: AbortSignal): Promise<void>;
  /** Asks once; the answer is kept. Rejects with an `EngineError`. */
  capabilities(signal: AbortSignal): Promise<EngineCapabilities>;
  /**
   * Asks whether the endpoint is there and takes the key, at the cost of no translation. Rejects with an `EngineError`. Absent:
   * there is no single endpoint to ask.
   */
  check?(signal: AbortSignal): Promise<void>;
  /**
   * Translates one text.
   *
   * @param onText hears the whole reply while it comes, in as many pieces as the engine sends, or nothing
   * @throws EngineError with the usage and the limits that the engine told before it failed; EngineCancelledError after an
   *   abort of the request's signal, which frees what the call held
   */
  translate(request: TranslationRequest, onText?: (text: string) => void): Promise<EngineAnswer>;
  /**
   * Translates texts of one language pair and style in one request; their own signals don't count. Absent where the
   * engine can't.
   *
   * @throws EngineError as `translate` does; EngineReplyError where the answer isn't one text for each
   */
  translateBatch?(requests: readonly TranslationRequest[], signal: AbortSignal): Promise<BatchAnswer>;
  /**
   * What one call for a text, or a batch of them, counts as under the engine's limit of tokens, before it is made: its
   * prompt, and all the output that it asks room for. Absent: such a limit isn't known of this kind of engine.
   */
  countedTokens?(requests: readonly TranslationRequest[]): EngineUsage;
  /** Ends every connection. Idempotent. */
  close(): Promise<void>;
}
