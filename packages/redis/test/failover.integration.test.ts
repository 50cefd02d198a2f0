import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startRedis } from '../../../test/harness/redis.ts';
import { LogReader } from '../src/log/index.ts';
import { PendingStore } from '../src/pending/index.ts';
import { openSession, metadata, unlimited } from './fixture.ts';

it('I4: assigns no offset twice after a failover to a replica without the last writes', async () => {
  await using primary = await startRedis();
  await using replica = await startRedis();
  const [first, second] = [primary.connect(), replica.connect()];
  const { sessionId, settle } = await openSession(first);
  await second.replicaof('127.0.0.1', primary.port);
  await settle(0);
  while ((await second.exists(`{s:${sessionId}}:log`)) === 0) await delay(10);
  await first.wait(1, 5000);
  // From here on the replica receives no writes, like one that lags behind a dying primary.
  await second.replicaof('NO', 'ONE');
  for (let segmentId = 1; segmentId <= 50; segmentId++) await settle(segmentId);

  const promoted = new PendingStore(second);
  for (let segmentId = 51; segmentId <= 100; segmentId++) {
    const final = { sessionId, connection: 'owner', segmentId, text: 'after the fail-over', metadata };
    expect(
      await promoted.settle(
        { ...final, targets: ['es'], listenerTargets: [], listenersOnly: [], copies: [] },
        unlimited,
      ),
    ).toMatchObject({
      status: 'accepted',
    });
  }
  const offsetsIn = async (redis: typeof first): Promise<number[]> =>
    (await new LogReader(redis).readAfter(sessionId, 0, 1000)).map(({ offset }) => offset);
  const [lost, kept] = [await offsetsIn(first), await offsetsIn(second)];
  expect(lost).toHaveLength(51);
  expect(kept).toHaveLength(51);
  const seen = new Set(lost.slice(1));
  expect(kept.slice(1).filter((offset) => seen.has(offset))).toEqual([]);
  // A client that has seen the lost offsets mistakes none of the new ones for a duplicate.
  expect(Math.min(...kept.slice(1))).toBeGreaterThan(Math.max(...lost));
});
