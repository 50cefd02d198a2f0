import type { Logger } from '@parley/telemetry';
import type { Connections } from './faults/connections.ts';
import type { Faults } from './faults/faults.ts';
import type { Gate } from './gate.ts';
import type { ReplyTiming } from './latency.ts';
import type { RateLimiter } from './rate-limit/rate-limiter.ts';
import type { EngineStats } from './stats.ts';
import type { Translator } from './translators/translator.ts';

/** A base URL with `https:`, and the certificate in PEM. */
export interface TlsAccess {
  readonly url: string;
  readonly certificate: string;
}

/** What the routes work with. */
export interface EngineParts {
  readonly translator: Translator;
  /** Draws the times of the next reply. */
  readonly drawTiming: () => ReplyTiming;
  readonly limiter: RateLimiter;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly connections: Connections;
  readonly stats: EngineStats;
  /** What clients need to trust the engine over TLS, and where to reach it so, once it listens there. */
  readonly overTls: () => TlsAccess | undefined;
  readonly logger: Logger;
}
