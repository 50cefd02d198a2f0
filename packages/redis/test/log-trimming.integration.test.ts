import { describe, expect, it } from '@jest/globals';
import { LogReader } from '../src/log/index.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const maxBytes = 64 * 1024;
const text = 'x'.repeat(400);

async function calls(command: string): Promise<number> {
  const info = await redis.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
}

/** The bytes of a stream's bodies. */
async function bytesIn(key: string): Promise<number> {
  const rows = await redis.xrange(key, '-', '+');
  return rows.reduce((sum, [, [, body = '']]) => sum + body.length, 0);
}

describe('a full log', () => {
  it('I9: keeps its size, and counts its bytes and those of the transcript exactly', async () => {
    const lifetimes = { logMaxBytes: maxBytes, transcriptMaxBytes: 2 * maxBytes };
    const session = await openSession(redis, {}, lifetimes);
    const { sessionId } = session;
    for (let id = 1; id <= 600; id++) {
      await session.settle(id, text, []);
      if (id % 50 > 0) continue;
      const counted = await redis.hmget(`{s:${sessionId}}:session`, 'logBytes', 'transcriptBytes');
      const stored = [await bytesIn(`{s:${sessionId}}:log`), await bytesIn(`{s:${sessionId}}:transcript`)];
      expect(counted.map(Number)).toEqual(stored);
      expect(stored[0]).toBeLessThanOrEqual(maxBytes);
      expect(stored[1]).toBeLessThanOrEqual(2 * maxBytes);
    }
    const entries = await new LogReader(redis).readAfter(sessionId, 0, 1000);
    expect(entries.at(-1)?.entry).toMatchObject({ segmentId: 600 });
    expect(entries.length).toBeGreaterThan(0.9 * (maxBytes / 550));
  });

  it('is not read at every append', async () => {
    const session = await openSession(redis, {}, { logMaxBytes: 4 * maxBytes, transcriptMaxBytes: 1e9 });
    let next = 1;
    const append = async (count: number) => {
      for (const end = next + count; next < end; next++) await session.settle(next, text, []);
    };
    await append(600);
    const before = await calls('xrange');
    await append(200);
    expect((await calls('xrange')) - before).toBeLessThan(50);
  });
});
