import { loadConfig } from '@parley/config';
import { createEdgeMetrics, createLogger, createProcessRegistry } from '@parley/telemetry';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import type { OutgoingMessage } from '../../src/core/outgoing-message.ts';
import type { Socket } from '../../src/core/socket.ts';
import { Allowances } from '../../src/limits/allowances.ts';
import { Arrivals } from '../../src/limits/arrivals.ts';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';
import { ReadingShares } from '../../src/limits/reading-shares.ts';
import { ServedSessions } from '../../src/sessions/served-sessions.ts';

const limits: EdgeDependencies['limits'] = {
  maxFrameBytes: 10_000,
  maxTextChars: 1000,
  maxOpenSegments: 10,
  maxOpenBytes: 100_000,
  outstandingBytes: { session: 1_000_000, tenant: 1_000_000 },
  frameRate: { perSecond: 100, burst: 100 },
  maxWaitingFrames: 10,
  maxWaitingBytes: 10_000,
  maxUnreadBytes: 100_000,
};

/** Each has only the functions that a test needs. */
type StandIns = { readonly [Name in keyof EdgeDependencies]?: unknown };

/** Dependencies of an edge without Redis: what `standIns` leaves out admits everything, or is missing. */
export function edgeDependencies(standIns: StandIns = {}): EdgeDependencies {
  return {
    edge: 'a',
    joinAttempts: new JoinAttempts(20, Date.now),
    isKeyRevoked: () => false,
    isRedisReady: () => true,
    languages: { unsupported: () => Promise.resolve([]) },
    tenants: { sockets: { enter: () => Promise.resolve('entered') } },
    buffers: new BufferBudget(1_000_000),
    frameAllowances: new Allowances(limits.frameRate),
    arrivals: new Arrivals(),
    readingShares: new ReadingShares(0),
    limits,
    metrics: createEdgeMetrics(createProcessRegistry()),
    refusals: { record: () => undefined },
    logger: createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'edge'),
    ...standIns,
  } as unknown as EdgeDependencies;
}

/** The same, for an edge that serves sessions whose log is `log`. */
export function servingDependencies(log: object, standIns: StandIns): EdgeDependencies {
  const deps = edgeDependencies({ log, ...standIns });
  const channels = { subscribe: () => Promise.resolve(), unsubscribe: () => Promise.resolve() };
  const served = new ServedSessions({ ...deps, channels } as unknown as ConstructorParameters<
    typeof ServedSessions
  >[0]);
  return { ...deps, served };
}

/** A client's connection that takes every message at once. */
export function standInSocket({
  onMessage = () => undefined,
  onClose = () => undefined,
}: {
  readonly onMessage?: (message: OutgoingMessage['message']) => void;
  readonly onClose?: (code: number) => void;
}): Socket {
  return {
    send: ({ message }) => onMessage(message),
    sizeOf: () => 0,
    bufferedBytes: 0,
    needsDrain: false,
    pauseReading: () => undefined,
    close: onClose,
  };
}
