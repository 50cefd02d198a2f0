import type { Logger } from '@parley/telemetry';
import type { Connections } from './faults/connections.ts';
import type { Faults } from './faults/faults.ts';
import type { Gate } from './gate.ts';
import type { ReplyTiming } from './latency.ts';
import type { RateLimiter } from './rate-limit/rate-limiter.ts';
import type { EngineStats } from './stats.ts';
import type { Translator } from './translators/translator.ts';

/** An `https:` base URL and the PEM-encoded certificate. */
export interface TlsAccess {
  readonly url: string;
  readonly certificate: string;
}

/** The dependencies of the routes. */
export interface EngineParts {
  readonly translator: Translator;
  /** Draws the latency of the next reply. */
  readonly drawTiming: () => ReplyTiming;
  readonly limiter: RateLimiter;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly connections: Connections;
  readonly stats: EngineStats;
  /** Returns the URL and certificate for TLS once the engine listens there. */
  readonly getTlsAccess: () => TlsAccess | undefined;
  readonly logger: Logger;
}
