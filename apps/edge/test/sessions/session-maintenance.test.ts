import { afterEach, expect, it, jest } from '@jest/globals';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import type { SessionFeedOptions } from '../../src/delivery/session-feed.ts';
import { ServedSession } from '../../src/sessions/served-session.ts';
import { SessionMaintenance } from '../../src/sessions/session-maintenance.ts';

type FeedDependencies = SessionFeedOptions['deps'];

afterEach(() => void jest.useRealTimers());

it('a session is looked after in every round while Redis does not say how long jobs have waited', async () => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick'] });
  const session = {
    sessionId: 'one',
    owner: undefined,
    lookForRecovery: () => undefined,
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
  await using rounds = new SessionMaintenance(deps as unknown as EdgeDependencies);
  jest.advanceTimersByTime(500);
  expect(requeue).toHaveBeenCalledWith('one', []);
  await new Promise((resolve) => process.nextTick(resolve));
  jest.advanceTimersByTime(500);
  expect(requeue).toHaveBeenCalledTimes(2);
  oldestMs.resolve(0);
  expect(rounds).toBeDefined();
});

it('every session is named to Redis at once where it may have lost what this edge holds, and is waited for', async () => {
  const named: string[] = [];
  const sessions = ['one', 'two'].map((sessionId) => new ServedSession(sessionId, {} as FeedDependencies));
  const answer = Promise.withResolvers<object>();
  const deps = {
    edge: 'this',
    served: { all: () => sessions },
    logger: { warn: () => undefined },
    presence: {
      renewLease: async ({ sessionId }: { sessionId: string }) => {
        named.push(sessionId);
        return { ...(await answer.promise), status: 'here', head: 1, listenerTargets: ['fr'] };
      },
    },
  };
  const rounds = new SessionMaintenance(deps as unknown as EdgeDependencies);
  rounds.renewAll();
  expect(named).toEqual(['one', 'two']);
  let isOver = false;
  const ended = rounds[Symbol.asyncDispose]().then(() => (isOver = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  answer.resolve({});
  await ended;
  expect(sessions.map(({ listenerTargets }) => listenerTargets)).toEqual([['fr'], ['fr']]);
});
