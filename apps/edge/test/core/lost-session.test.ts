import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { canonicalJoinCode } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import { createEdgeMetrics, createLogger, createProcessRegistry } from '@parley/telemetry';
import { ClientConnection } from '../../src/core/client-connection.ts';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import type { OutgoingMessage } from '../../src/core/outgoing-message.ts';
import { ServedSessions } from '../../src/sessions/served-sessions.ts';

const joinCode = 'ABCD-EFGH-JKLM';
const codeHash = secretHash(canonicalJoinCode(joinCode));
const settings = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: [] };

/** Two listeners of a session, which Redis loses when `isGone` is set. */
function listeners() {
  const state = { isGone: false, goneAfterRenewals: Infinity };
  const metrics = createEdgeMetrics(createProcessRegistry());
  const logger = createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'edge');
  const log = {
    readAfter: () => Promise.resolve([]),
    readOpenPartials: () => Promise.resolve([]),
    offsetBeforeNewest: () => Promise.resolve(0),
  };
  const channels = { subscribe: () => Promise.resolve(), unsubscribe: () => Promise.resolve() };
  const deps = {
    edge: 'a',
    presence: {
      renewLease: () => {
        state.goneAfterRenewals--;
        if (state.isGone || state.goneAfterRenewals < 0) return Promise.resolve({ status: 'gone' });
        const session = {
          head: 0,
          ended: false,
          listenerTargets: [],
          pause: { isPaused: false, number: 0 },
          settings,
          trimmedTo: 0,
          openCodeHash: codeHash,
          codeHash,
        };
        return Promise.resolve({ status: 'here', ...session });
      },
    },
    joinCodes: { find: () => Promise.resolve({ status: 'open', sessionId: 's', tenant: 't', hasEnded: false }) },
    joinAttempts: { isAllowed: () => true, recordFailure: () => undefined },
    languages: { unsupported: () => Promise.resolve([]) },
    tenants: { sockets: { enter: () => Promise.resolve('entered') } },
    log,
    served: new ServedSessions({ channels, log, metrics, logger } as unknown as ConstructorParameters<
      typeof ServedSessions
    >[0]),
    isRedisReady: () => true,
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
  const listener = () => {
    const received: { type: string; code?: string; causedBy?: string }[] = [];
    const socket = {
      send: ({ message }: OutgoingMessage) => void received.push(message as never),
      sizeOf: () => 0,
      bufferedBytes: 0,
      needsDrain: false,
      close: () => undefined,
    };
    const connection = new ClientConnection(socket, { tenant: 't', address: '10.0.0.1' }, deps);
    return {
      join: async (id: string) => {
        received.length = 0;
        const join = { type: 'session.join', id, joinCode, targetLanguages: ['es'] };
        connection.message(JSON.stringify(join), 0);
        await connection.idle();
        return received.map(({ type, code, causedBy }) => [type, code, causedBy]);
      },
      received,
    };
  };
  return { state, deps, listener };
}

it('answers a join for a session that is gone once, and tells the other listeners', async () => {
  const { state, deps, listener } = listeners();
  const [joining, other] = [listener(), listener()];
  expect(await joining.join('1')).toEqual([['session.joined', undefined, undefined]]);
  await other.join('1');
  other.received.length = 0;
  state.isGone = true;
  expect(await joining.join('2')).toEqual([['error', 'session-unknown', '2']]);
  expect(other.received).toEqual([expect.objectContaining({ type: 'error', code: 'session-unknown' })]);
  expect(deps.served.all()).toEqual([]);
  // The socket may join another session.
  state.isGone = false;
  expect(await joining.join('3')).toEqual([['session.joined', undefined, undefined]]);
});

it('answers each of two listeners once whose messages are in progress when the loss is found', async () => {
  const { state, listener } = listeners();
  const both = [listener(), listener()];
  for (const each of both) await each.join('1');
  state.isGone = true;
  const answers = await Promise.all(both.map((each) => each.join('2')));
  expect(answers).toEqual(both.map(() => [['error', 'session-unknown', '2']]));
});

it.each([
  ['before it joins', 0],
  ['while it joins', 1],
])('answers a first join for a session that is gone %s once', async (_, renewals) => {
  const { state, deps, listener } = listeners();
  state.goneAfterRenewals = renewals;
  expect(await listener().join('1')).toEqual([['error', 'join-code-unknown', '1']]);
  expect(deps.served.all()).toEqual([]);
});
