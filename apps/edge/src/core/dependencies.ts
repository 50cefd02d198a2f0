import type { QueueProducer } from '@parley/queues';
import type { SessionChannels } from '@parley/redis/channel';
import type { LogReader } from '@parley/redis/log';
import type { PendingStore } from '@parley/redis/pending';
import type { SessionSchedule } from '@parley/redis/schedule';
import type { SegmentStore } from '@parley/redis/segment';
import type { JoinCodes, Presence, Resumption, SessionStore } from '@parley/redis/session';
import type { UsageLedger } from '@parley/redis/usage';
import type { EdgeMetrics, Logger } from '@parley/telemetry';
import type { PartialFilterSettings } from '@parley/translation';
import type { JoinTries } from '../limits/join-tries.ts';
import type { TenantLeases } from '../limits/tenant-leases.ts';
import type { TokenRate } from '../limits/frame-gate.ts';
import type { ServedSessions } from '../sessions/served-sessions.ts';
import type { LanguageSupport } from './language-support.ts';

export interface EdgeLimits {
  readonly maxFrameBytes: number;
  readonly maxTextChars: number;
  readonly maxOpenSegments: number;
  /** Frames of one connection that are handled; those beyond get an error. */
  readonly frameRate: TokenRate;
  /** Frames of one connection that may wait to be handled, and their bytes. */
  readonly maxWaitingFrames: number;
  readonly maxWaitingBytes: number;
  /** Bytes that a client may leave unread before it is closed as slow. */
  readonly maxUnreadBytes: number;
}

/** What the core needs; the sockets are not among it. */
export interface EdgeDependencies {
  /** Names this edge in what it writes. */
  readonly edge: string;
  readonly sessions: SessionStore;
  readonly resumption: Resumption;
  readonly presence: Presence;
  readonly joinCodes: JoinCodes;
  readonly schedule: SessionSchedule;
  readonly segments: SegmentStore;
  readonly pending: PendingStore;
  readonly log: LogReader;
  readonly channels: SessionChannels;
  readonly served: ServedSessions;
  readonly queues: QueueProducer;
  readonly languages: LanguageSupport;
  readonly tenants: TenantLeases;
  readonly joinTries: JoinTries;
  /** Whether Redis answers at the moment: partials are dropped while it doesn't, finals wait. */
  readonly isRedisReady: () => boolean;
  /** What tenants use and are spared. */
  readonly usage: Pick<UsageLedger, 'saved' | 'served'>;
  /** Which partials are worth a call. */
  readonly worth: PartialFilterSettings;
  readonly limits: EdgeLimits;
  readonly metrics: EdgeMetrics;
  readonly logger: Logger;
}
