import { afterEach, expect, it, jest } from '@jest/globals';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import type { SessionFeedOptions } from '../../src/delivery/session-feed.ts';
import { ServedSession } from '../../src/sessions/served-session.ts';
import { SessionMaintenance } from '../../src/sessions/session-maintenance.ts';

type FeedDependencies = SessionFeedOptions['deps'];

afterEach(() => void jest.useRealTimers());

it('renews leases in every iteration while the age of waiting jobs is unknown', async () => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick'] });
  const session = {
    sessionId: 'one',
    owner: undefined,
    reportRecovered: () => undefined,
    reportAudience: () => undefined,
    isRenewalDue: () => false,
    watchdog: { due: () => 'all' },
  };
  const oldestMs = Promise.withResolvers<number | undefined>();
  const requeue = jest.fn<(sessionId: string, segments: unknown[]) => Promise<unknown[]>>().mockResolvedValue([]);
  const deps = {
    served: { all: () => [session] },
    isRedisReady: () => true,
    segments: { requeue },
    queues: { add: () => Promise.resolve(), oldestWaitingMs: () => oldestMs.promise },
  };
  await using maintenance = new SessionMaintenance(deps as unknown as EdgeDependencies);
  jest.advanceTimersByTime(500);
  expect(requeue).toHaveBeenCalledWith('one', []);
  await new Promise((resolve) => process.nextTick(resolve));
  jest.advanceTimersByTime(500);
  expect(requeue).toHaveBeenCalledTimes(2);
  oldestMs.resolve(0);
  expect(maintenance).toBeDefined();
});

it('renews and awaits the leases of all sessions at once after Redis may have lost them', async () => {
  const named: string[] = [];
  const sessions = ['one', 'two'].map((sessionId) => new ServedSession(sessionId, {} as FeedDependencies));
  const pause = { isPaused: false, number: 0 };
  const answer = Promise.withResolvers<object>();
  const deps = {
    edge: 'this',
    served: { all: () => sessions },
    logger: { warn: () => undefined },
    presence: {
      renewLease: async ({ sessionId }: { sessionId: string }) => {
        named.push(sessionId);
        return { ...(await answer.promise), status: 'here', head: 1, listenerTargets: ['fr'], pause };
      },
    },
  };
  const maintenance = new SessionMaintenance(deps as unknown as EdgeDependencies);
  maintenance.renewAll();
  expect(named).toEqual(['one', 'two']);
  let isEnded = false;
  const ended = maintenance[Symbol.asyncDispose]().then(() => (isEnded = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isEnded).toBe(false);
  answer.resolve({});
  await ended;
  expect(sessions.map(({ listenerTargets }) => listenerTargets)).toEqual([['fr'], ['fr']]);
});
