import type { EngineOptions } from '../engine-type.ts';

/** How an OpenAI-compatible endpoint is asked; a query in its base URL is sent with every request. */
export interface OpenAiEngineOptions extends EngineOptions {
  readonly model: string;
  /** The header that carries the key: `Authorization: Bearer` or `api-key`; absent: as the address says. */
  readonly authHeader?: 'authorization' | 'api-key' | undefined;
  /** Texts of at least this many UTF-16 units are streamed; 160 if not given. */
  readonly streamFromChars?: number | undefined;
  /** What was shown of a segment goes along as a predicted output, then without a limit of the reply. */
  readonly predictions: boolean;
}
