import type { LanguageTag } from '@parley/protocol';

/** A term and how it must be translated. */
export interface GlossaryEntry {
  readonly source: string;
  readonly target: string;
}

/** One text to translate. Everything an engine needs stands here; it keeps no state between two requests. */
export interface TranslationRequest {
  readonly text: string;
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  readonly kind: 'partial' | 'final';
  /** Whose text it is: the room under a rate limit is shared evenly among sessions. No engine is told. */
  readonly session?: string | undefined;
  /** How often this text has been asked for in vain, 0 at first: another connection or endpoint may serve it. */
  readonly earlierAttempts?: number | undefined;
  /** What the talk is about, in the host's words. */
  readonly context?: string | undefined;
  readonly formality?: 'default' | 'formal' | 'informal' | undefined;
  readonly glossary?: readonly GlossaryEntry[] | undefined;
  /** The reply before was no translation: the engine may put its instructions more strongly. */
  readonly strict?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Tokens as the engine bills them. */
export interface EngineUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** A part of a reply: text as it arrives and, last, the usage where the engine tells it. */
export type TranslationPiece =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'usage'; readonly usage: EngineUsage };

export interface EngineCapabilities {
  /** The pairs it translates, as [source, target]; `undefined`: any. */
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
   * Yields the translation in pieces. Throws an `EngineError`; an abort of `signal` ends it with
   * `EngineCancelledError` and frees what it held.
   */
  translate(request: TranslationRequest): AsyncIterable<TranslationPiece>;
  /** Ends every connection. Idempotent. */
  close(): Promise<void>;
}
