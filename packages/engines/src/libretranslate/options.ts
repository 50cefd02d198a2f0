import type { CallTimeouts } from '../deadline.ts';
import type { ConnectionPoolOptions } from '../pool/connection-pool.ts';

/** Where and how a LibreTranslate server is asked. All times in milliseconds. */
export interface LibreTranslateEngineOptions extends CallTimeouts, Omit<ConnectionPoolOptions, 'origin'> {
  /** Such as `http://libretranslate:5000`; `/translate` and `/languages` lie below it. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}
