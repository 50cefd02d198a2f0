import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRedis } from './harness/index.ts';

describe('startRedis', () => {
  it('starts a separate Redis for each caller and stops it afterwards', async () => {
    const pids: number[] = [];
    {
      await using first = await startRedis();
      await using second = await startRedis();
      pids.push(first.pid, second.pid);
      using clients = new DisposableStack();
      const connect = (url: string): Redis => clients.adopt(new Redis(url), (client) => client.disconnect());
      const client = connect(first.url);
      await client.set('a', '1');
      expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
      expect(await client.config('GET', 'save')).toEqual(['save', '']);
      expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      expect(await connect(second.url).get('a')).toBeNull();
    }
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
