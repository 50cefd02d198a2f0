import { expect, it } from '@jest/globals';
import { ApiKeyStore } from '../src/api-key/index.ts';
import { TenantErasure } from '../src/tenant-erasure/index.ts';
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
  expect(await store.revoke(id)).toBe('unreadable');
  expect(await store.ids()).not.toContain(id);
  expect(await store.revoke(id)).toBeUndefined();
});

it('settings of a tenant that can no longer be read stay as they were known, and hide those of no other', async () => {
  const store = new TenantSettingsStore(redis);
  const current = new CurrentTenantSettings(store);
  await store.write('school', { maxSessions: 5 });
  await current.refresh();
  await redis.hset('{access}:tenants', 'school', '{"v":2}');
  await store.write('clinic', { maxSessions: 3 });
  await current.refresh();
  expect([current.of('clinic'), current.of('school')]).toEqual([{ maxSessions: 3 }, { maxSessions: 5 }]);
  expect(await store.read('school')).toBe('unreadable');
});

it('I50: the deletion of a tenant names the keys that it could not read', async () => {
  const { record } = await new ApiKeyStore(redis).create({ tenant: 'gone', name: 'a', scope: 'speak' }, Date.now());
  await redis.hset('{access}:keys', 'eeeeeeeeeeee', '{"v":2}');
  expect(await new TenantErasure(redis, { settleMs: 0 }).erase('gone')).toMatchObject({
    keys: 1,
    unreadableKeyIds: ['eeeeeeeeeeee'],
  });
  expect(await new ApiKeyStore(redis).find(record.id)).toBeUndefined();
});
