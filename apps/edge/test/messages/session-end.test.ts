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
  const answers = [Promise.reject(new Error('Command timed out')), Promise.resolve({ status: 'ending', calls: [] })];
  const context = {
    session,
    deps: { sessions: { end: () => answers.shift() }, cancels: { publish: () => Promise.resolve() } },
  } as unknown as MessageContext;
  await expect(sessionEnd({ type: 'session.end' }, context)).rejects.toThrow('timed out');
  await sessionEnd({ type: 'session.end' }, context);
  expect(session.ending).toBe(true);
});
