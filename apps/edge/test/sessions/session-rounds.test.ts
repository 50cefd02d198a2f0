import { afterEach, expect, it, jest } from '@jest/globals';
import type { EdgeDependencies } from '../../src/core/dependencies.ts';
import { SessionRounds } from '../../src/sessions/session-rounds.ts';

afterEach(() => void jest.useRealTimers());

it('a session is looked after in every round while Redis does not say whether there is a worker', async () => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick'] });
  const session = {
    sessionId: 'one',
    owner: undefined,
    lookForRecovery: () => undefined,
    unshown: { due: () => 'all' },
  };
  const lastWalk = Promise.withResolvers<string | undefined>();
  const putAgain = jest.fn<(sessionId: string, tickets: unknown[]) => Promise<unknown[]>>().mockResolvedValue([]);
  const deps = {
    served: { all: () => [session] },
    isRedisReady: () => true,
    deadlines: { lastWalk: () => lastWalk.promise },
    slots: { putAgain },
    lanes: { add: () => Promise.resolve() },
  };
  await using rounds = new SessionRounds(deps as unknown as EdgeDependencies);
  jest.advanceTimersByTime(500);
  expect(putAgain).toHaveBeenCalledWith('one', []);
  await new Promise((resolve) => process.nextTick(resolve));
  jest.advanceTimersByTime(500);
  expect(putAgain).toHaveBeenCalledTimes(2);
  lastWalk.resolve('1');
  expect(rounds).toBeDefined();
});
