import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Sweeper, type SweeperDependencies } from '../src/sweeper/sweeper.ts';

it('warns once of finals in a shard of the queues that this worker does not consume', async () => {
  const outstanding = [{ segmentId: 1, target: 'es', number: '1', priority: 0 }];
  const due = ['own', 'other.3', 'other.4'];
  const warnings: unknown[] = [];
  const inspected = { state: 'live', nextInMs: 1000, joinCodeHash: '', isErased: false, outstanding };
  const deps = {
    schedule: {
      poll: () => Promise.resolve({ mayEnd: true }),
      claim: () => Promise.resolve(due.splice(0).map((sessionId) => ({ sessionId }))),
      release: () => Promise.resolve(),
    },
    inspection: { inspect: () => Promise.resolve(inspected) },
    queues: { repair: () => Promise.resolve(), hasShardOf: (sessionId: string) => sessionId === 'own' },
    logger: { warn: (about: object, message: string) => void warnings.push({ ...about, message }) },
  } as unknown as SweeperDependencies;
  await using resources = new AsyncDisposableStack();
  resources.use(new Sweeper(deps));
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
  expect(warnings).toEqual([{ sessionId: 'other.3', message: expect.stringContaining('QUEUE_SHARDS') }]);
});
