import { describe, expect, it } from '@jest/globals';
import { cacheRedisServers, loadConfig, redisServers } from '../src/index.ts';

const plain = { kind: 'standalone', login: {}, database: 0, tls: undefined };
const serversOf = (environment: Record<string, string>) => redisServers(loadConfig(environment));

describe('REDIS_URL', () => {
  it.each([
    ['redis://one', { ...plain, address: { host: 'one', port: 6379 } }],
    ['redis://[::1]:7000/3', { ...plain, address: { host: '::1', port: 7000 }, database: 3 }],
    ['redis://one?db=4', { ...plain, address: { host: 'one', port: 6379 }, database: 4 }],
    ['redis://:p%40ss@one', { ...plain, address: { host: 'one', port: 6379 }, login: { password: 'p@ss' } }],
    [
      'rediss://app:secret@one:6380',
      {
        ...plain,
        address: { host: 'one', port: 6380 },
        login: { username: 'app', password: 'secret' },
        tls: { ca: undefined, verify: true },
      },
    ],
    ['unix:///run/redis.sock?db=1', { ...plain, address: { path: '/run/redis.sock' }, database: 1 }],
    [
      'unix://app:secret@localhost/run/redis.sock',
      { ...plain, address: { path: '/run/redis.sock' }, login: { username: 'app', password: 'secret' } },
    ],
  ])('accepts %s', (url, servers) => {
    expect(serversOf({ REDIS_URL: url })).toEqual(servers);
  });

  it.each([
    ['http://one', 'has another scheme'],
    ['one:6379', 'has another scheme'],
    ['not a URL', 'is not a URL'],
    ['redis://app@one', 'has a user name without a password'],
    ['redis://one/first', 'has a database that is not a number'],
    ['redis://one?dbs=1', 'has a parameter other than db'],
    ['redis://:a#b@one', 'is not a URL'],
    ['unix://one/run/redis.sock', 'names a host before the path of a socket'],
  ])('rejects %s without showing it', (url, problem) => {
    const message = `REDIS_URL=(hidden): must be a redis://, rediss:// or unix:// URL, in which special characters are percent-encoded; ${problem}`;
    expect(() => loadConfig({ REDIS_URL: url })).toThrow(message);
  });

  it('is the standard port on this machine by default', () => {
    expect(serversOf({})).toEqual({ ...plain, address: { host: '127.0.0.1', port: 6379 } });
  });
});

describe('REDIS_SENTINELS', () => {
  it('takes the login, database and TLS of the master from REDIS_URL', () => {
    const servers = serversOf({
      REDIS_SENTINELS: 'one, two:5000,[::1]',
      REDIS_SENTINEL_MASTER: 'parley',
      REDIS_SENTINEL_PASSWORD: 'theirs',
      REDIS_URL: 'rediss://app:secret@any/2',
      REDIS_TLS_VERIFY: 'off',
    });
    expect(servers).toEqual({
      kind: 'sentinel',
      masterName: 'parley',
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 5000 },
        { host: '::1', port: 26_379 },
      ],
      sentinelLogin: { password: 'theirs' },
      login: { username: 'app', password: 'secret' },
      database: 2,
      tls: { ca: undefined, verify: false },
    });
  });

  it('names the entry that is wrong', () => {
    expect(() => loadConfig({ REDIS_SENTINELS: 'one,redis://two' })).toThrow(
      'REDIS_SENTINELS=one,redis://two: must be HOST:PORT entries separated by commas, at most 64; entry 2 is not HOST:PORT',
    );
    expect(() => loadConfig({ REDIS_SENTINELS: Array.from({ length: 65 }, () => 'one').join(',') })).toThrow(
      'more than 64 entries',
    );
  });
});

describe('REDIS_CLUSTER', () => {
  it('lists nodes', () => {
    expect(serversOf({ REDIS_CLUSTER: 'one:7000,two', REDIS_URL: 'redis://:secret@any' })).toEqual({
      ...plain,
      kind: 'cluster',
      nodes: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 6379 },
      ],
      login: { password: 'secret' },
    });
  });

  it.each([
    [{ REDIS_SENTINELS: 'one' }, 'REDIS_SENTINELS is set too'],
    [{ REDIS_URL: 'redis://one/1' }, 'REDIS_URL names a database'],
    [{ REDIS_URL: 'unix:///run/redis.sock' }, 'REDIS_URL names a socket'],
  ])('is rejected with %j', (environment, problem) => {
    expect(() => loadConfig({ REDIS_CLUSTER: 'one', ...environment })).toThrow(problem);
  });
});

it('REDIS_CA_FILE is only read for rediss://, and its problems name it', () => {
  expect(() => serversOf({ REDIS_CA_FILE: '/none.pem' })).not.toThrow();
  expect(() => serversOf({ REDIS_CA_FILE: '/none.pem', REDIS_URL: 'rediss://one' })).toThrow(
    'REDIS_CA_FILE=/none.pem: must be the path of a PEM file with certificates; the file cannot be read: ENOENT',
  );
});

it('CACHE_REDIS_URL replaces the servers for sessions', () => {
  const cluster = { REDIS_CLUSTER: 'one' };
  expect(cacheRedisServers(loadConfig(cluster)).kind).toBe('cluster');
  expect(cacheRedisServers(loadConfig({ ...cluster, CACHE_REDIS_URL: 'redis://two' }))).toEqual({
    ...plain,
    address: { host: 'two', port: 6379 },
  });
});
