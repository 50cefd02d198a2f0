import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { ChildError } from '../../src/machine/child.ts';
import { thisMachine } from '../../src/machine/machine.ts';
import { startPrivateRedis } from '../../src/machine/private-redis.ts';
import { ensureRedisServer } from '../../src/machine/redis-server.ts';

function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'parley-redis-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

describe('startPrivateRedis', () => {
  it('keeps its data over a restart, and uses the given port', async () => {
    using folder = temporaryFolder();
    const program = await ensureRedisServer(thisMachine(process.env));
    let port: number;
    {
      await using redis = await startPrivateRedis({ program, folder: folder.path });
      port = redis.ready.port;
      using client = new DisposableStack();
      const connection = client.adopt(new Redis(redis.ready.url), (open) => open.disconnect());
      await connection.set('a', '1');
      redis.kill();
      await redis.exited;
    }
    await using restarted = await startPrivateRedis({ program, folder: folder.path, port });
    using client = new DisposableStack();
    const connection = client.adopt(new Redis(`redis://127.0.0.1:${port}`), (open) => open.disconnect());
    expect(await connection.get('a')).toBe('1');
    expect((await restarted.stop()).code).toBe(0);
  });

  it('limits memory and writes nothing to disk as a cache', async () => {
    using folder = temporaryFolder();
    const program = await ensureRedisServer(thisMachine(process.env));
    await using redis = await startPrivateRedis({ purpose: 'cache', program, folder: folder.path });
    using client = new DisposableStack();
    const connection = client.adopt(new Redis(redis.ready.url), (open) => open.disconnect());
    expect(await connection.config('GET', 'maxmemory', 'maxmemory-policy', 'appendonly', 'save')).toEqual(
      expect.arrayContaining([
        'appendonly',
        'no',
        'save',
        '',
        'maxmemory',
        '67108864',
        'maxmemory-policy',
        'allkeys-lru',
      ]),
    );
  });

  it('includes the error of Redis if the port is in use', async () => {
    using folder = temporaryFolder();
    const program = await ensureRedisServer(thisMachine(process.env));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      const refusal = startPrivateRedis({ program, folder: folder.path, port });
      await expect(refusal).rejects.toThrow(ChildError);
      await expect(refusal).rejects.toThrow(/address already in use/i);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
