import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { ReplicasMissingError } from '@parley/redis/replication';
import { createEdgeMetrics, createLogger, createProcessRegistry } from '@parley/telemetry';
import { ClientConnection } from '../../src/core/client-connection.ts';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import type { OutgoingMessage } from '../../src/core/outgoing-message.ts';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';
import { createArrivals } from '../../src/limits/arrivals.ts';
import { ReadingShares } from '../../src/limits/reading-shares.ts';
import { Allowances } from '../../src/limits/allowances.ts';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';

const final = { type: 'transcript.final', id: 'final', segmentId: 1, text: 'good morning' } as const;

function connect() {
  const deps = {
    joinCodes: { find: () => Promise.resolve(undefined) },
    joinAttempts: new JoinAttempts(20, Date.now),
    tenants: { sockets: { enter: () => Promise.resolve('entered') } },
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
      maxTextChars: 1000,
    },
    metrics: createEdgeMetrics(createProcessRegistry()),
    refusals: { record: () => undefined },
    logger: createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'edge'),
  } as unknown as EdgeDependencies;
  const received: string[] = [];
  const socket = {
    send: ({ message }: OutgoingMessage) => {
      received.push(message.type === 'error' ? `${message.code} for ${message.causedBy ?? ''}` : message.type);
    },
    sizeOf: () => 0,
    bufferedBytes: 0,
    needsDrain: false,
    pauseReading: () => undefined,
    close: () => undefined,
  };
  const connection = new ClientConnection(socket, { tenant: 't', address: '10.0.0.1' }, deps);
  const send = async (message: object): Promise<void> => {
    connection.message(JSON.stringify(message), 0);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  };
  return { connection, received, send };
}

it('handles a message that is no transcript after the finals before it are answered', async () => {
  const { connection, received, send } = connect();
  const acknowledged = Promise.withResolvers<undefined>();
  const reply = (): void => connection.outbox.reply({ type: 'transcript.accepted', segmentId: 1 });
  connection.replyLater(final, acknowledged.promise.then(reply));
  await send({ type: 'session.join', id: 'join', joinCode: 'ABCD-EFGH-JKLM', targetLanguages: ['es'] });
  expect(received).toEqual([]);
  acknowledged.resolve(undefined);
  await connection.idle();
  expect(received).toEqual(['transcript.accepted', 'join-code-unknown for join']);
});

it('handles further transcripts before', async () => {
  const { connection, received, send } = connect();
  await send({ type: 'session.join', id: 'join', joinCode: 'ABCD-EFGH-JKLM', targetLanguages: ['es'] });
  const acknowledged = Promise.withResolvers<undefined>();
  connection.replyLater(final, acknowledged.promise);
  await send({ ...final, id: 'next' });
  expect(received).toEqual(['join-code-unknown for join', 'session-not-started for next']);
  acknowledged.reject(new ReplicasMissingError('too few replicas acknowledged a write in time'));
  await connection.idle();
  expect(received.at(-1)).toBe('temporarily-unavailable for final');
});
