import { expect, it } from '@jest/globals';
import { canonicalJoinCode } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import { ClientConnection } from '../../src/core/client-connection.ts';
import { servingDependencies, standInSocket } from './stand-ins.ts';

const joinCode = 'ABCD-EFGH-JKLM';
const codeHash = secretHash(canonicalJoinCode(joinCode));
const settings = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: [] };

/** Two listeners of a session, which Redis loses when `isGone` is set. */
function listeners() {
  const state = { isGone: false, goneAfterRenewals: Infinity };
  const refusals: string[] = [];
  const log = {
    readAfter: () => Promise.resolve([]),
    readOpenPartials: () => Promise.resolve([]),
    offsetBeforeNewest: () => Promise.resolve(0),
  };
  const deps = servingDependencies(log, {
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
    refusals: { record: (reason: string) => void refusals.push(reason) },
    corrections: {
      find: () => Promise.resolve({ status: 'found', metadata: { language: 'en' }, targets: ['es'] }),
      correct: () => Promise.resolve({ status: 'accepted', outstanding: [] }),
    },
    schedule: { schedule: () => Promise.resolve() },
    queues: { addFinal: () => Promise.resolve() },
  });
  const listener = () => {
    const closes: number[] = [];
    const received: { type: string; code?: string; causedBy?: string }[] = [];
    const socket = standInSocket({
      onMessage: (message) => void received.push(message as never),
      onClose: (code) => void closes.push(code),
    });
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
      closes,
      connection,
    };
  };
  return { state, deps, listener, refusals };
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

it('closes a socket that has had no session for a minute', async () => {
  const { state, listener, refusals } = listeners();
  const [idle, joined] = [listener(), listener()];
  await joined.join('1');
  await idle.connection.idle();
  for (const nowMs of [1000, 30_000, 60_999]) idle.connection.closeIfIdle(nowMs);
  for (const nowMs of [1000, 30_000, 61_001]) joined.connection.closeIfIdle(nowMs);
  expect([idle.closes, joined.closes]).toEqual([[], []]);
  idle.connection.message('{"type":"ping"}', 0);
  await idle.connection.idle();
  idle.connection.closeIfIdle(61_000);
  expect(idle.closes).toEqual([4408]);
  expect(refusals).toEqual(['no-session']);
  // The minute begins anew when a session is lost.
  state.isGone = true;
  await joined.join('2');
  for (const nowMs of [70_000, 129_999]) joined.connection.closeIfIdle(nowMs);
  expect(joined.closes).toEqual([]);
  joined.connection.closeIfIdle(130_000);
  expect(joined.closes).toEqual([4408]);
});

it('keeps a socket open that corrects sessions without having one', async () => {
  const { listener } = listeners();
  const { connection, received, closes } = listener();
  const correction = { type: 'transcript.correct', sessionId: 's', segmentId: 1, targetLanguage: 'es', text: 'Hola.' };
  connection.message(JSON.stringify(correction), 0);
  await connection.idle();
  expect(received).toMatchObject([{ type: 'correction.accepted' }]);
  for (const nowMs of [1000, 200_000]) connection.closeIfIdle(nowMs);
  expect(closes).toEqual([]);
});
