import { describe, expect, it } from '@jest/globals';
import { ApiKeyStore } from '@parley/redis/api-key';
import { TenantSettingsStore } from '@parley/redis/tenant-settings';
import { redisForFile } from '../../../packages/redis/test/redis-for-file.ts';
import { runParley } from './run-parley.ts';

const { server, redis } = await redisForFile();
const parley = (...args: string[]) => runParley(args, '', { REDIS_URL: server.url });

describe('parley keys', () => {
  it('prints a new key once, lists all without theirs, and revokes one', async () => {
    const created = await parley('keys', 'create', 'acme', '--name', 'web backend');
    expect(created.exitCode).toBe(0);
    const [key = '', ...rest] = created.stdout;
    expect([key, rest]).toEqual([expect.stringMatching(/^parley_[0-9a-f]{12}_[\w-]{43}$/), []]);
    const [, id = ''] = key.split('_');
    expect(created.stderr).toBe(`Key ${id} of acme (web backend, admin). It is not shown again.\n`);
    await parley('keys', 'create', 'beta', '--name', 'hall', '--scope', 'speak');

    const listed = await parley('keys', 'list');
    expect(listed.stdout.map((line) => line.split(/\s{2,}/))).toEqual([
      ['id', 'tenant', 'name', 'scope', 'created', 'last used'],
      [id, 'acme', 'web backend', 'admin', expect.stringMatching(/^\d{4}-.*Z$/), 'never'],
      [expect.any(String), 'beta', 'hall', 'speak', expect.any(String), 'never'],
    ]);
    const ofBeta = await parley('keys', 'list', '--tenant', 'beta', '--json');
    expect(ofBeta.stdout.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { tenant: 'beta', name: 'hall', scope: 'speak', lastUsedAt: null },
    ]);

    // The beginning of the key serves as well as the ID.
    const revoked = await parley('keys', 'revoke', `parley_${id}`);
    expect([revoked.exitCode, revoked.stdout]).toEqual([0, [`revoked ${id} of acme (web backend)`]]);
    expect(await new ApiKeyStore(redis).find(id)).toBeUndefined();
    const again = await parley('keys', 'revoke', id);
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      `parley: there is no key with the ID ${id}; parley keys list shows all\n`,
    ]);
  });

  it('names a key that cannot be read, and revokes it', async () => {
    const id = 'ffffffffffff';
    await redis.hset('{access}:keys', id, '{}');
    const listed = await parley('keys', 'list');
    expect([listed.exitCode, listed.stderr]).toEqual([
      0,
      `Key ${id} can't be read: it is damaged, or another version of Parley made it. Edges of this version refuse it. If it is damaged, revoke it.\n`,
    ]);
    const revoked = await parley('keys', 'revoke', id);
    expect([revoked.exitCode, revoked.stdout]).toEqual([0, [`revoked ${id} which can't be read`]]);
  });

  it.each([
    [['create', 'a:b', '--name', 'n'], 'letters, digits, dots'],
    [['create', 'acme'], '--name'],
    [['create', 'acme', '--name', ''], '1 to 100 characters'],
    [['create', 'acme', '--name', 'n', '--scope', 'all'], 'Allowed choices are listen, speak, admin'],
    [['revoke', 'x'], '12 digits and letters'],
  ])('refuses %j', async (args, problem) => {
    const { exitCode, stderr } = await parley('keys', ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });
});

describe('parley tenants', () => {
  it('sets what is named, keeps the rest, and shows both', async () => {
    const settings = () => new TenantSettingsStore(redis).read('acme');
    await parley('tenants', 'set', 'acme', '--sessions', '20', '--budget', '0.5');
    expect(await settings()).toEqual({ maxSessions: 20, dailyBudgetMicros: 500_000 });
    await parley(
      'tenants',
      'set',
      'acme',
      '--sessions',
      'default',
      '--listeners',
      '0',
      '--session-budget',
      'unlimited',
    );
    expect(await settings()).toEqual({ dailyBudgetMicros: 500_000, maxListeners: 0, sessionBudgetMicros: 0 });
    const { stdout } = await parley('tenants', 'show', 'acme');
    expect(stdout.map((line) => line.split(/\s{2,}/))).toEqual([
      ['setting', 'value', 'instead of'],
      ['--sessions', 'default', 'MAX_SESSIONS_PER_TENANT'],
      ['--sockets', 'default', 'MAX_SOCKETS_PER_TENANT'],
      ['--listeners', 'unlimited', 'MAX_LISTENERS_PER_TENANT'],
      ['--budget', '0.5', 'TENANT_DAILY_BUDGET'],
      ['--session-budget', 'unlimited', 'SESSION_BUDGET'],
      ['0 keys (parley keys list --tenant acme)'],
    ]);
    expect((await parley('tenants', 'show')).stdout).toEqual(['acme']);
  });

  it('loses nothing of settings that cannot be read, unless all of them are named', async () => {
    const unreadable = '{"v":2,"maxSessions":3}';
    await redis.hset('{access}:tenants', 'school', unreadable);
    const problem = expect.stringContaining("the settings of school can't be read") as unknown;
    for (const command of [
      ['show', 'school'],
      ['set', 'school', '--sessions', '5'],
    ]) {
      const { exitCode, stderr } = await parley('tenants', ...command);
      expect([exitCode, stderr]).toEqual([1, problem]);
    }
    expect(await redis.hget('{access}:tenants', 'school')).toBe(unreadable);
    const others = ['sockets', 'listeners', 'budget', 'session-budget'].flatMap((name) => [`--${name}`, 'default']);
    await parley('tenants', 'set', 'school', '--sessions', '5', ...others);
    expect(await new TenantSettingsStore(redis).read('school')).toEqual({ maxSessions: 5 });
  });

  it('names the keys that it could not read when it deletes one', async () => {
    await redis.hset('{access}:keys', 'dddddddddddd', '{}');
    const { exitCode, stderr } = await parley('tenants', 'delete', 'school', '--yes');
    expect([exitCode, stderr]).toEqual([
      0,
      "Key dddddddddddd can't be read, so it was not revoked; it may be one of school.\n",
    ]);
  });

  it.each([
    [['set', 'acme'], 'name what to set'],
    [['set', 'acme', '--sessions', '-1'], 'whole number from 0'],
    [['set', 'acme', '--budget', '0'], 'amount of money above 0'],
    [['delete', 'acme'], 'repeat it with --yes'],
  ])('refuses %j', async (args, problem) => {
    const { exitCode, stderr } = await parley('tenants', ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });

  it('fails with one line if there is no Redis', async () => {
    const { exitCode, stderr } = await runParley(['keys', 'list'], '', { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^parley: can't list the keys in the Redis of REDIS_URL, 127\.0\.0\.1:1: .*\n$/);
  });
});
