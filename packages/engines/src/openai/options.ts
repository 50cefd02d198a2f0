/** Where and how an OpenAI-compatible endpoint is asked. All times in milliseconds. */
export interface OpenAiEngineOptions {
  /** Such as `https://api.openai.com/v1`; a query in it is sent with every request. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** The header that carries the key: `Authorization: Bearer` or `api-key`; absent: as the address says. */
  readonly authHeader?: 'authorization' | 'api-key' | undefined;
  readonly model: string;
  /** The most connections at once. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly firstTokenTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** HTTP/2 where the endpoint offers it. */
  readonly http2: boolean;
  /** `false`: a new connection for every request. */
  readonly pooled: boolean;
  /** Finals of at least this many UTF-16 units are streamed. */
  readonly streamFromChars: number;
  /** What was shown of a segment goes along as a predicted output, then without a limit of the reply. */
  readonly predictions: boolean;
  /** When an unused connection is closed. */
  readonly idleTimeoutMs: number;
  /** How often warmed connections are used so that they stay open. */
  readonly refreshIntervalMs: number;
  /** When warmed connections are replaced; 10 minutes if not given. */
  readonly maxAgeMs?: number | undefined;
  /** Certificates to trust besides the well-known ones, in PEM. */
  readonly certificateAuthority?: string | undefined;
}
