import { expect, it } from '@jest/globals';
import type { MessageContext } from '../../src/core/message-context.ts';
import type { OwnedSession } from '../../src/core/owned-session.ts';
import { sessionEnd } from '../../src/messages/session-end.ts';

it('can be requested again if Redis did not reply', async () => {
  const served = { sessionId: 's', watchdog: { clear: () => undefined } };
  const session = {
    served,
    fencingToken: 'c',
    ending: false,
    debouncer: { clear: () => undefined },
  } as unknown as OwnedSession;
  const answers = [
    Promise.reject(new Error('Command timed out')),
    Promise.resolve('ending'),
    Promise.resolve('ending'),
  ];
  const context = {
    binding: { owned: session },
    deps: {
      usage: { onEnding: () => undefined },
      sessions: { end: () => answers.shift() },
      schedule: { schedule: () => Promise.resolve() },
    },
  } as unknown as MessageContext;
  await expect(sessionEnd({ type: 'session.end' }, context)).rejects.toThrow('timed out');
  await sessionEnd({ type: 'session.end' }, context);
  expect(session.ending).toBe(true);
});

it("writes the session's usage, and gives workers time to abort their calls and to do so too", async () => {
  const done: string[] = [];
  const session = {
    served: { sessionId: 's', watchdog: { clear: () => undefined } },
    fencingToken: 'c',
    ending: false,
    debouncer: { clear: () => undefined },
  } as unknown as OwnedSession;
  const context = {
    binding: { owned: session },
    deps: {
      usage: { onEnding: () => void done.push('write usage') },
      sessions: {
        end: (_session: string, _token: string, { awaitUsage }: { awaitUsage: boolean }) => {
          done.push(awaitUsage ? 'close' : 'end');
          return Promise.resolve(awaitUsage ? 'ending' : 'ended');
        },
      },
      schedule: { schedule: () => Promise.resolve() },
    },
  } as unknown as MessageContext;
  await sessionEnd({ type: 'session.end' }, context);
  expect(done).toEqual(['write usage', 'close', 'end']);
});
