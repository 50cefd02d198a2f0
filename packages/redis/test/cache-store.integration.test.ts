import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { serversAt, startRedis } from '../../../test/harness/redis.ts';
import { CacheStore, connectCache, createTranslationMemory } from '../src/cache/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const cache = new CacheStore(redis);

async function find(key: string, kind: 'partial' | 'final', store = cache): Promise<string | undefined> {
  const found = await store.join(key, { member: 'a', kind, mayFollow: true });
  return found.status === 'cached' ? found.text : undefined;
}

const minutes = 60_000;
const hours = 60 * minutes;

describe('the translation cache', () => {
  it("keeps a partial's translation for minutes and extends it when a final finds it", async () => {
    const key = randomUUID();
    await cache.complete(key, 'partial', 'hola');
    expect(await find(key, 'partial')).toBe('hola');
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(5 * minutes);
    expect(await find(key, 'final')).toBe('hola');
    expect(await redis.pttl(`tr:{${key}}`)).toBeGreaterThan(23 * hours);
  });

  it("keeps a final's translation for a day and never replaces it by a partial's", async () => {
    const key = randomUUID();
    await cache.complete(key, 'final', 'hola');
    await redis.pexpire(`tr:{${key}}`, 10 * minutes);
    await cache.complete(key, 'partial', 'buenas');
    expect(await find(key, 'final')).toBe('hola');
    expect(await redis.pttl(`tr:{${key}}`)).toBeGreaterThan(9 * minutes);
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(10 * minutes);
  });

  it('keeps a translation of a fallback endpoint for minutes and replaces no other by it', async () => {
    const key = randomUUID();
    await cache.complete(key, 'fallback', 'hola');
    expect(await find(key, 'final')).toBe('hola');
    expect(await redis.pttl(`tr:{${key}}`)).toBeLessThanOrEqual(5 * minutes);
    await cache.complete(key, 'partial', 'buenas');
    await cache.complete(key, 'fallback', 'hola');
    expect(await find(key, 'partial')).toBe('buenas');
  });

  it('stores any text unchanged', async () => {
    for (const text of ['1p', '{"v":1}', 'ä\u0000\n字🙂', ' ']) {
      const key = randomUUID();
      await cache.complete(key, 'partial', text);
      expect(await find(key, 'final')).toBe(text);
    }
  });

  it('ignores and replaces entries of another format version', async () => {
    const key = randomUUID();
    await redis.set(`tr:{${key}}`, '2f{"text":"hola"}');
    expect(await find(key, 'final')).toBeUndefined();
    await cache.complete(key, 'partial', 'hola');
    expect(await find(key, 'partial')).toBe('hola');
    expect(await find(randomUUID(), 'partial')).toBeUndefined();
  });
});

describe('the translation memory', () => {
  const hola = { text: 'hola', ttlClass: 'final', isShared: true } as const;

  it('has a bounded size', () => {
    const memory = createTranslationMemory({ maxBytes: 10_000, ttlMs: 60_000 });
    for (let index = 0; index < 100; index++) memory.set(String(index), hola);
    const left = Array.from({ length: 100 }, (_, index) => memory.get(String(index))).filter(Boolean);
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(40);
    expect(memory.get('99')).toEqual(hola);
    memory.set('long', { ...hola, text: 'x'.repeat(10_000) });
    expect(memory.get('long')).toBeUndefined();
  });

  it('expires entries', async () => {
    const memory = createTranslationMemory({ maxBytes: 10_000, ttlMs: 20 });
    memory.set('key', hola);
    while (memory.get('key') !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('a cache that is unreachable', () => {
  it('fails immediately without a server and works again when the server is back', async () => {
    await using own = await startRedis();
    let failures = 0;
    const connection = await connectCache(own.servers, { onError: () => undefined, onFailure: () => (failures += 1) });
    using opened = new DisposableStack();
    opened.defer(() => connection.disconnect());
    const store = new CacheStore(connection);
    await store.complete('key', 'final', 'hola');
    expect(await find('key', 'final', store)).toBe('hola');
    await own.kill();
    await expect(find('key', 'final', store)).rejects.toThrow();
    expect(failures).toBeGreaterThan(0);
    await own.start();
    while ((await store.complete('key', 'final', 'hola').catch(() => 'away')) === 'away') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await find('key', 'final', store)).toBe('hola');
  });

  it('is disconnected after several timeouts until it replies again', async () => {
    await using own = await startRedis();
    const connection = await connectCache(own.servers, { onError: () => undefined, onFailure: () => undefined });
    using opened = new DisposableStack();
    opened.defer(() => connection.disconnect());
    const store = new CacheStore(connection);
    process.kill(own.pid, 'SIGSTOP');
    opened.defer(() => process.kill(own.pid, 'SIGCONT'));
    await Promise.all([1, 2, 3].map(() => expect(find('key', 'final', store)).rejects.toThrow('timed out')));
    await expect(find('key', 'final', store)).rejects.toThrow(/isn't writeable|closed/);
    process.kill(own.pid, 'SIGCONT');
    while ((await store.complete('key', 'final', 'hola').catch(() => 'away')) === 'away') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await find('key', 'final', store)).toBe('hola');
  });

  it('does not delay startup', async () => {
    const connection = await connectCache(serversAt('redis://127.0.0.1:1'), {
      onError: () => undefined,
      onFailure: () => undefined,
    });
    await expect(find('key', 'final', new CacheStore(connection))).rejects.toThrow();
    connection.disconnect();
  });
});
