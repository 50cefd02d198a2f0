import { describe, expect, it } from '@jest/globals';
import { LogReader } from '../src/log/index.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

/** As long as a text may be. */
const longText = 'x'.repeat(10_000);
const maxBytes = 256 * 1024;
const log = new LogReader(redis);

/** Opens a session in whose log are this many finals. */
async function sessionOf(finals: number, text: string): Promise<string> {
  const session = await openSession(redis);
  for (let id = 1; id <= finals; id++) await session.settle(id, text, []);
  return session.sessionId;
}

const segmentsIn = (found: Awaited<ReturnType<LogReader['readAfter']>>) =>
  found.flatMap(({ entry }) => (entry !== undefined && 'segmentId' in entry ? entry.segmentId : []));
const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('a log', () => {
  it('is read from an offset on, oldest first, each entry once', async () => {
    const sessionId = await sessionOf(40, 'short');
    const found = await log.readAfter(sessionId, 0);
    expect(segmentsIn(found)).toEqual(numbers(1, 40));
    expect(segmentsIn(await log.readAfter(sessionId, found[17]?.offset ?? 0))).toEqual(numbers(19, 40));
    expect(segmentsIn(await log.readAfter(sessionId, 0, 20))).toEqual(numbers(1, 20));
    expect(await log.readAfter(sessionId, found.at(-1)?.offset ?? 0)).toEqual([]);
  });

  it('is read from its end, newest first', async () => {
    const sessionId = await sessionOf(40, 'short');
    expect(segmentsIn(await log.readNewest(sessionId, 20, maxBytes))).toEqual(numbers(21, 40).reverse());
    expect(segmentsIn(await log.readNewest(sessionId, 100, maxBytes))).toEqual(numbers(1, 40).reverse());
    expect(await log.readNewest('unknown', 100, maxBytes)).toEqual([]);
  });

  it('of long texts is read in parts of 256 KiB', async () => {
    const sessionId = await sessionOf(60, longText);
    const parts: number[][] = [];
    for (let offset = 0; ;) {
      const found = await log.readAfter(sessionId, offset);
      if (found.length === 0) break;
      parts.push(segmentsIn(found));
      offset = found.at(-1)?.offset ?? 0;
    }
    expect(parts.flat()).toEqual(numbers(1, 60));
    expect(parts.map(({ length }) => length)).toEqual([25, 25, 10]);
    expect(segmentsIn(await log.readNewest(sessionId, 100, maxBytes))).toEqual(numbers(36, 60).reverse());
  });

  it('gives at least one entry, however long it is', async () => {
    const sessionId = await sessionOf(3, longText);
    expect(segmentsIn(await log.readNewest(sessionId, 100, 1))).toEqual([3]);
  });
});
