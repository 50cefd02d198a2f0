import type { StabilitySetting } from '@parley/protocol';
import type { QueueProducer } from '@parley/queues';
import type { SessionChannels } from '@parley/redis/channel';
import type { CorrectionStore } from '@parley/redis/correction';
import type { LogReader } from '@parley/redis/log';
import type { PendingStore } from '@parley/redis/pending';
import type { ReplicaAcknowledgements } from '@parley/redis/replication';
import type { RoomStore } from '@parley/redis/room';
import type { SessionSchedule } from '@parley/redis/schedule';
import type { SegmentStore } from '@parley/redis/segment';
import type {
  JoinCodes,
  Presence,
  Resumption,
  SessionCode,
  SessionDirectory,
  SessionStore,
} from '@parley/redis/session';
import type { TenantCredits } from '@parley/redis/tenant';
import type { UsageLedger } from '@parley/redis/usage';
import type { EdgeMetrics, Logger } from '@parley/telemetry';
import type { PartialFilterSettings } from '@parley/translation';
import type { Refusals } from '../refusals/refusal-log.ts';
import type { BufferBudget } from '../limits/buffer-budget.ts';
import type { Arrivals } from '../limits/arrivals.ts';
import type { ReadingShares } from '../limits/reading-shares.ts';
import type { Allowances } from '../limits/allowances.ts';
import type { JoinAttempts } from '../limits/join-attempts.ts';
import type { TenantLeases } from '../limits/tenant-leases.ts';
import type { TokenRate } from '../limits/token-bucket.ts';
import type { ServedSessions } from '../sessions/served-sessions.ts';
import type { LanguageSupport } from './language-support.ts';

export interface EdgeLimits {
  readonly maxFrameBytes: number;
  readonly maxTextChars: number;
  readonly maxOpenSegments: number;
  /** What the open segments of a session may take in Redis. */
  readonly maxOpenBytes: number;
  /** What a session and a tenant may have outstanding. */
  readonly outstandingBytes: { readonly session: number; readonly tenant: number };
  /** Frames of one connection that are handled; those above the rate get an error. */
  readonly frameRate: TokenRate;
  /** Maximum number and total size of one connection's frames waiting to be handled. */
  readonly maxWaitingFrames: number;
  readonly maxWaitingBytes: number;
  /** Maximum unread bytes of a client before it is closed as slow. */
  readonly maxUnreadBytes: number;
}

/** Dependencies of the edge core; sockets are not among them. */
export interface EdgeDependencies {
  /** The ID of this edge. */
  readonly edge: string;
  readonly newSessionId: () => string;
  readonly sessions: SessionStore;
  readonly resumption: Resumption;
  readonly presence: Presence;
  readonly joinCodes: JoinCodes;
  readonly sessionCode: SessionCode;
  readonly rooms: RoomStore;
  readonly directory: SessionDirectory;
  readonly schedule: SessionSchedule;
  readonly segments: SegmentStore;
  readonly pending: PendingStore;
  readonly replicas: Pick<ReplicaAcknowledgements, 'isNeeded' | 'finalKept' | 'ownerKept'>;
  readonly corrections: CorrectionStore;
  readonly log: LogReader;
  readonly channels: SessionChannels;
  readonly served: ServedSessions;
  readonly queues: QueueProducer;
  readonly languages: LanguageSupport;
  readonly tenants: TenantLeases;
  readonly credits: Pick<TenantCredits, 'reserve' | 'report'>;
  readonly joinAttempts: JoinAttempts;
  /** Whether the API key of a client was revoked after the client was admitted. */
  readonly isKeyRevoked: (keyId: string | undefined) => boolean;
  /** Whether Redis is reachable; if it is not, partials are dropped and finals wait. */
  readonly isRedisReady: () => boolean;
  /** Records usage and savings per tenant, and the partials of a session. */
  readonly usage: Pick<UsageLedger, 'saved' | 'served' | 'partialHandled' | 'onEnding'>;
  /** The stability of sessions that do not ask for one. */
  readonly stability: StabilitySetting;
  readonly partialFilter: PartialFilterSettings;
  readonly limits: EdgeLimits;
  /** What all connections together may buffer. */
  readonly buffers: BufferBudget;
  readonly frameAllowances: Allowances;
  readonly arrivals: Arrivals;
  readonly readingShares: ReadingShares;
  readonly metrics: EdgeMetrics;
  readonly refusals: Refusals;
  readonly logger: Logger;
}
