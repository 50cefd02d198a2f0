import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { canonicalJoinCode } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import { createEdgeMetrics, createLogger, createProcessRegistry } from '@parley/telemetry';
import { ClientConnection } from '../../src/core/client-connection.ts';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';
import { createArrivals } from '../../src/limits/arrivals.ts';
import { ReadingShares } from '../../src/limits/reading-shares.ts';
import { Allowances } from '../../src/limits/allowances.ts';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import type { OutgoingMessage } from '../../src/core/outgoing-message.ts';
import { ServedSessions } from '../../src/sessions/served-sessions.ts';

const joinCode = 'ABCD-EFGH-JKLM';
const codeHash = secretHash(canonicalJoinCode(joinCode));
const failed = { v: 1, type: 'failed', segmentId: 1, targetLanguage: 'es', code: 'internal', message: '' };
const session = {
  head: 0,
  ended: false,
  listenerTargets: [],
  pause: { isPaused: false, number: 0 },
  settings: { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: [] },
  trimmedTo: 0,
  openCodeHash: codeHash,
  codeHash,
};

it('answers a ping after a second join when the log is delivered, which the channel has not told of', async () => {
  const entries: { offset: number; entry: object }[] = [];
  const log = {
    readAfter: async (_sessionId: string, after: number) => {
      // Reading takes longer than handling a ping.
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      return entries.filter(({ offset }) => offset > after);
    },
    readOpenPartials: () => Promise.resolve([]),
    offsetBeforeNewest: () => Promise.resolve(0),
  };
  const metrics = createEdgeMetrics(createProcessRegistry());
  const logger = createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'edge');
  const channels = { subscribe: () => Promise.resolve(), unsubscribe: () => Promise.resolve() };
  const served = { channels, log, metrics, logger } as unknown as ConstructorParameters<typeof ServedSessions>[0];
  const deps = {
    edge: 'a',
    presence: { renewLease: () => Promise.resolve({ status: 'here', ...session }) },
    joinCodes: { find: () => Promise.resolve({ status: 'open', sessionId: 's', tenant: 't', hasEnded: false }) },
    joinAttempts: new JoinAttempts(20, Date.now),
    languages: { unsupported: () => Promise.resolve([]) },
    tenants: { sockets: { enter: () => Promise.resolve('entered') } },
    log,
    served: new ServedSessions(served),
    isRedisReady: () => true,
    buffers: new BufferBudget(1_000_000),
    frameAllowances: new Allowances({ perSecond: 100, burst: 100 }),
    arrivals: createArrivals(),
    readingShares: new ReadingShares(0),
    limits: {
      frameRate: { perSecond: 100, burst: 100 },
      maxWaitingFrames: 10,
      maxWaitingBytes: 10_000,
      maxUnreadBytes: 100_000,
    },
    metrics,
    refusals: { record: () => undefined },
    logger,
  } as unknown as EdgeDependencies;
  const received: string[] = [];
  const socket = {
    send: ({ message }: OutgoingMessage) => void received.push(message.type),
    sizeOf: () => 0,
    bufferedBytes: 0,
    needsDrain: false,
    pauseReading: () => undefined,
    close: () => undefined,
  };
  const connection = new ClientConnection(socket, { tenant: 't', address: '10.0.0.1' }, deps);
  const join = JSON.stringify({ type: 'session.join', joinCode, targetLanguages: ['es'] });
  connection.message(join, 0);
  await connection.idle();
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
  entries.push({ offset: 5, entry: failed });
  connection.message(join, 0);
  connection.message('{"type":"ping"}', 0);
  await connection.idle();
  expect(received).toEqual(['session.joined', 'session.joined', 'translation.failed', 'pong']);
});
