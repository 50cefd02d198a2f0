import { expect, it } from '@jest/globals';
import { ApiKeyStore } from '../src/api-key/index.ts';
import { CurrentTenantSettings, TenantSettingsStore } from '../src/tenant-settings/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

it.each([
  ['damaged', '{"v":1,"tenant":"cli'],
  ['of another version', '{"v":2,"tenant":"clinic"}'],
])('I48: an API key that is %s opens nothing, hides no other key, and can be revoked', async (_what, json) => {
  const store = new ApiKeyStore(redis);
  const { record } = await store.create({ tenant: 'clinic', name: 'sound', scope: 'admin' }, Date.now());
  const id = 'ffffffffffff';
  await redis.hset('{access}:keys', id, json);
  expect(await store.find(id)).toBeUndefined();
  expect([...(await store.findAll([id, record.id])).keys()]).toEqual([record.id]);
  const { keys, unreadableIds } = await store.list('clinic');
  expect([keys.some((key) => key.id === record.id), unreadableIds]).toEqual([true, [id]]);
  expect(await store.revoke(id)).toEqual({});
  expect(await store.ids()).not.toContain(id);
  expect(await store.revoke(id)).toBeUndefined();
});

it('settings of a tenant that are damaged hide those of no other, and can be written again', async () => {
  const store = new TenantSettingsStore(redis);
  await store.write('clinic', { maxSessions: 3 });
  await redis.hset('{access}:tenants', 'school', '{"v":2}');
  const current = new CurrentTenantSettings(store);
  await current.refresh();
  expect([current.of('clinic'), current.of('school')]).toEqual([{ maxSessions: 3 }, {}]);
  await store.write('school', { ...(await store.read('school')), maxSessions: 5 });
  expect(await store.read('school')).toEqual({ maxSessions: 5 });
});
