import { afterAll, expect, it } from '@jest/globals';
import { startRedis } from '../../../test/harness/redis.ts';
import { AccessChanges } from '../src/access/index.ts';
import { ApiKeyStore } from '../src/api-key/index.ts';

const opened = new AsyncDisposableStack();
afterAll(() => opened.disposeAsync());
const server = opened.use(await startRedis());
const redis = server.connect();
const store = new ApiKeyStore(redis);
const versionsKey = '{access}:versions';

it('I48: a revocation is noticed by an edge that knows a change which Redis has lost', async () => {
  const create = (name: string) => store.create({ tenant: 'clinic', name, scope: 'admin' }, Date.now());
  const { record } = await create('kept');
  const beforeLoss = await redis.hgetall(versionsKey);
  const { record: lost } = await create('lost');

  let known: readonly string[] = [];
  const readers = { keys: async () => void (known = await store.ids()) };
  // Without a subscription and a poll, only the version tells.
  const listening = server.connect();
  listening.disconnect();
  using changes = new AccessChanges({ redis, listening, readers, pollIntervalMs: 3_600_000 });
  await changes.check();
  expect(known).toContain(record.id);

  // A replica without the last write has taken over, and the key is revoked there before the edge has asked it.
  await redis.multi().hdel('{access}:keys', lost.id).hset(versionsKey, beforeLoss).exec();
  await store.revoke(record.id);
  await changes.check();
  expect(known).toEqual([]);
});
