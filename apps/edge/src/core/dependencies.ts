import type { LaneProducer } from '@parley/lanes';
import type {
  Deadlines,
  JoinCodes,
  LogReader,
  PendingStore,
  Presence,
  Resumption,
  SessionChannels,
  SessionStore,
  SegmentStore,
  UsageLedger,
} from '@parley/state';
import type { EdgeMetrics, Logger } from '@parley/telemetry';
import type { WorthSettings } from '@parley/translation';
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
  readonly deadlines: Deadlines;
  readonly segments: SegmentStore;
  readonly pending: PendingStore;
  readonly log: LogReader;
  readonly channels: SessionChannels;
  readonly served: ServedSessions;
  readonly lanes: LaneProducer;
  readonly languages: LanguageSupport;
  readonly tenants: TenantLeases;
  readonly joinTries: JoinTries;
  /** Whether Redis answers at the moment: partials are dropped while it doesn't, finals wait. */
  readonly isRedisReady: () => boolean;
  /** What tenants use and are spared. */
  readonly usage: Pick<UsageLedger, 'saved' | 'served'>;
  /** Which partials are worth a call. */
  readonly worth: WorthSettings;
  readonly limits: EdgeLimits;
  readonly metrics: EdgeMetrics;
  readonly logger: Logger;
}
