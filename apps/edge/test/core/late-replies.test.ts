import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { ReplicasMissingError } from '@parley/redis/replication';
import { ClientConnection } from '../../src/core/client-connection.ts';
import { edgeDependencies, standInSocket } from './stand-ins.ts';

const final = { type: 'transcript.final', id: 'final', segmentId: 1, text: 'good morning' } as const;

function connect() {
  const deps = edgeDependencies({ joinCodes: { find: () => Promise.resolve(undefined) } });
  const received: string[] = [];
  const socket = standInSocket({
    onMessage: (message) => {
      received.push(message.type === 'error' ? `${message.code} for ${message.causedBy ?? ''}` : message.type);
    },
  });
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
