import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { canonicalJoinCode } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import { ClientConnection } from '../../src/core/client-connection.ts';
import { servingDependencies, standInSocket } from '../core/stand-ins.ts';

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
  const deps = servingDependencies(log, {
    presence: { renewLease: () => Promise.resolve({ status: 'here', ...session }) },
    joinCodes: { find: () => Promise.resolve({ status: 'open', sessionId: 's', tenant: 't', hasEnded: false }) },
  });
  const received: string[] = [];
  const socket = standInSocket({ onMessage: ({ type }) => void received.push(type) });
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
