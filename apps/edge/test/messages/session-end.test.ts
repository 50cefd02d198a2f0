import { expect, it } from '@jest/globals';
import type { MessageContext } from '../../src/core/message-context.ts';
import type { OwnedSession } from '../../src/core/owned-session.ts';
import { sessionEnd } from '../../src/messages/session-end.ts';

it('can be asked for again where Redis did not answer', async () => {
  const served = { sessionId: 's', unshown: { clear: () => undefined } };
  const session = {
    served,
    owner: { mark: () => 'c' },
    ending: false,
    heldBack: { clear: () => undefined },
  } as unknown as OwnedSession;
  const answers = [
    Promise.reject(new Error('Command timed out')),
    Promise.resolve({ status: 'ending', calls: [] }),
    Promise.resolve({ status: 'ending', calls: [] }),
  ];
  const context = {
    session,
    deps: {
      sessions: { end: () => answers.shift() },
      cancels: { publish: () => Promise.resolve() },
      deadlines: { bring: () => Promise.resolve() },
    },
  } as unknown as MessageContext;
  await expect(sessionEnd({ type: 'session.end' }, context)).rejects.toThrow('timed out');
  await sessionEnd({ type: 'session.end' }, context);
  expect(session.ending).toBe(true);
});

it('gives workers time to abort their calls and to write what the session has used', async () => {
  const done: string[] = [];
  const call = { segmentId: 1, target: 'es', thread: 't', digest: 'd' };
  const session = {
    served: { sessionId: 's', unshown: { clear: () => undefined } },
    owner: { mark: () => 'c' },
    ending: false,
    heldBack: { clear: () => undefined },
  } as unknown as OwnedSession;
  const context = {
    session,
    deps: {
      sessions: {
        end: (_session: string, _mark: string, { awaitUsage }: { awaitUsage: boolean }) => {
          done.push(awaitUsage ? 'close' : 'end');
          return Promise.resolve(awaitUsage ? { status: 'ending', calls: [call] } : { status: 'ended', calls: [] });
        },
      },
      deadlines: { bring: () => Promise.resolve() },
      cancels: {
        publish: () => {
          done.push('cancel');
          return Promise.resolve();
        },
      },
    },
  } as unknown as MessageContext;
  await sessionEnd({ type: 'session.end' }, context);
  expect(done).toEqual(['close', 'cancel', 'end']);
});
