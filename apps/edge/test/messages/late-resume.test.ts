import { setImmediate } from 'node:timers/promises';
import { expect, it, jest } from '@jest/globals';
import type { SessionResume } from '@parley/protocol';
import type { MessageContext } from '../../src/core/message-context.ts';
import { Refusal } from '../../src/core/refusal.ts';
import { sessionResume } from '../../src/messages/session-resume.ts';

const message: SessionResume = { type: 'session.resume', sessionId: 's', resumeToken: 't', offset: 0, held: [] };

it('does not resume on a socket that closed while its edge waited for Redis', async () => {
  const subscribed = Promise.withResolvers<object>();
  const [resume, leave] = [jest.fn(), jest.fn()];
  const connection = { isClosed: false, client: {} };
  const context = {
    deps: { served: { enter: () => subscribed.promise, leave }, resumption: { resume } },
    connection,
    binding: { owned: undefined, joined: undefined, isEmpty: true },
  } as unknown as MessageContext;
  const handled = sessionResume(message, context);
  connection.isClosed = true;
  const served = {};
  subscribed.resolve(served);
  await expect(handled).rejects.toThrow(Refusal);
  expect(resume).not.toHaveBeenCalled();
  expect(leave.mock.calls).toEqual([[served]]);
});

it('names finals as accepted after replicas had time to get them', async () => {
  const steps: string[] = [];
  const served = {
    sessionId: 's',
    learnPause: () => undefined,
    repeatAudience: () => undefined,
    watchdog: { requeueAll: () => undefined },
    attach: () => undefined,
  };
  const result = { status: 'resumed', head: 0, recovered: true, accepted: [1], missing: [], outstanding: [] };
  const context = {
    deps: {
      resumption: { resume: () => Promise.resolve(result) },
      replicas: {
        ownerKept: async (...about: unknown[]) => {
          await setImmediate();
          steps.push(`replicas asked about ${about.join(' ')}`);
          throw new Error('too few replicas');
        },
      },
    },
    connection: { client: {}, outbox: { reply: ({ type }: { type: string }) => void steps.push(type) } },
    binding: { owned: { served, connectionId: 'c', debouncer: { forgetSent: () => undefined } } },
  } as unknown as MessageContext;
  await sessionResume({ ...message, held: [1] }, context);
  expect(steps).toEqual(['replicas asked about s c', 'session.resumed']);
});
