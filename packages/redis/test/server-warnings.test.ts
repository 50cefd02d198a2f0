import { describe, expect, it } from '@jest/globals';
import { serverWarnings } from '../src/connection/server-warnings.ts';

const good = 'redis_version:7.2.4\r\nrole:master\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';
const codesOf = (info: string, save?: string) => serverWarnings(info, save).map(({ code }) => code);

describe('the settings of a server', () => {
  it.each([
    ['are right', good, '', []],
    ['evict keys', good.replace('noeviction', 'allkeys-lru'), '', ['maxmemory-policy']],
    ['write nothing to disk', good.replace('aof_enabled:1', 'aof_enabled:0'), '', ['persistence']],
    ['write snapshots', good.replace('aof_enabled:1', 'aof_enabled:0'), '3600 1', []],
    ['may write snapshots, which the user may not read', good.replace('aof_enabled:1', 'aof_enabled:0'), undefined, []],
    ['are those of Redis 6', good.replace('7.2.4', '6.2.14'), '', ['version']],
    ['are those of Redis 10', good.replace('7.2.4', '10.0.0'), '', []],
    ['are those of a replica', good.replace('master', 'slave'), '', ['replica']],
    ['may not be read', '', undefined, []],
  ])('%s', (_what, info, save, expected) => {
    expect(codesOf(info, save)).toEqual(expected);
  });
});
