import { describe, expect, it } from '@jest/globals';
import { SessionInspection } from '../src/schedule/index.ts';
import { TranscriptStore } from '../src/transcript/index.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();
const store = new TranscriptStore(redis);
const keyOf = (sessionId: string): string => `{s:${sessionId}}:transcript`;

async function storedTexts(sessionId: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of store.read(sessionId)) {
    for (const { entry } of page) if (entry !== undefined && 'text' in entry) texts.push(entry.text);
  }
  return texts;
}

describe('a transcript', () => {
  it('I42: has what the log has, and more than the log keeps', async () => {
    const session = await openSession(redis, { listenerLanguages: ['ca'] }, { logMaxBytes: 1 });
    const { sessionId } = session;
    const expected: string[] = [];
    for (let segment = 0; segment < 150; segment += 1) {
      await session.settle(segment);
      await session.settle(segment);
      await session.resolve(segment);
      await session.resolve(segment);
      expected.push(`final ${segment}`, `es ${segment}`);
    }
    expect(await redis.xlen(`{s:${sessionId}}:log`)).toBe(1);
    expect(await storedTexts(sessionId)).toEqual(expected);
    expect(await store.find(sessionId)).toEqual({
      sessionId,
      tenant: 't',
      startedAtMs: Math.floor(session.head / 1000),
      sourceLanguage: 'en',
      targetLanguages: ['es'],
      listenerLanguages: ['ca'],
      joinCodeHash: 'j',
      hasEnded: false,
      isTruncated: false,
      isKept: true,
    });
  });

  it('I42: is kept after the session itself has expired, for the retention only', async () => {
    const session = await openSession(redis, { listenerLanguages: 2 }, { transcriptRetentionMs: 120_000 });
    const { sessionId } = session;
    await session.settle(1);
    await session.resolve(1);
    const live = await store.find(sessionId);
    await session.sessions.end(sessionId, 'owner');
    await redis.del(`{s:${sessionId}}:session`);
    expect(await store.find(sessionId)).toEqual({ ...live, listenerLanguages: 2, hasEnded: true });
    expect(await storedTexts(sessionId)).toEqual(['final 1', 'es 1']);
    expect(await redis.pttl(keyOf(sessionId))).toBeLessThanOrEqual(120_000);
    await redis.pexpire(keyOf(sessionId), 0);
    expect(await store.find(sessionId)).toBeUndefined();
    expect(await storedTexts(sessionId)).toEqual([]);
  });

  it('I42: is not stored with a retention of 0, or if an earlier version opened the session', async () => {
    for (const retention of ['0', undefined]) {
      const session = await openSession(redis, {}, { transcriptRetentionMs: 0 });
      const { sessionId } = session;
      if (retention === undefined) {
        await redis.hdel(`{s:${sessionId}}:session`, 'transcriptRetentionMs', 'transcriptMaxBytes');
      }
      await session.settle(1);
      await session.resolve(1);
      expect(await store.find(sessionId)).toMatchObject({ isKept: false, hasEnded: false });
      await session.sessions.end(sessionId, 'owner');
      expect(await store.find(sessionId)).toMatchObject({ isKept: false, hasEnded: true });
      expect(await redis.exists(keyOf(sessionId))).toBe(0);
    }
  });

  it('I18: loses its beginning if it grows beyond its limit', async () => {
    const maxBytes = 5000;
    const session = await openSession(redis, {}, { transcriptMaxBytes: maxBytes });
    const { sessionId } = session;
    for (let segment = 0; segment < 60; segment += 1) {
      await session.settle(segment);
      await session.resolve(segment);
    }
    const rows = await redis.xrange(keyOf(sessionId), '-', '+');
    const bytes = rows.reduce((sum, [, fields]) => sum + Buffer.byteLength(fields[1] ?? ''), 0);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(bytes).toBeGreaterThan(maxBytes / 2);
    expect((await storedTexts(sessionId)).slice(-2)).toEqual(['final 59', 'es 59']);
    expect(await store.find(sessionId)).toMatchObject({ isTruncated: true });
    // One entry that is larger than everything stays, alone.
    await session.settle(60, 'x'.repeat(2 * maxBytes));
    expect(await redis.xlen(keyOf(sessionId))).toBe(1);
    await session.resolve(60);
    await session.sessions.end(sessionId, 'owner');
    expect(await store.find(sessionId)).toMatchObject({ isTruncated: true, hasEnded: true });
  });

  it('I17: expires even if a process ends the session that does not know of transcripts', async () => {
    const session = await openSession(redis);
    const key = keyOf(session.sessionId);
    await session.settle(1);
    expect(await redis.pttl(key)).toBeGreaterThan(3_600_000);
    // Quiet sessions keep it.
    await redis.pexpire(key, 1000);
    await new SessionInspection(redis).inspect(session.sessionId, true);
    expect(await redis.pttl(key)).toBeGreaterThan(3_600_000);
  });
});
