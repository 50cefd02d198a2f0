import { describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { jobOf, listenToWork, openSession, translatedPartial } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

/** A session with at most two open segments. */
async function openNarrow(targetLanguages = ['es']) {
  const session = await openSession(redis, { targetLanguages });
  return {
    ...session,
    say: async (segmentId: number, revision = 0, text = `text ${segmentId}`) => {
      const targets = targetLanguages;
      const put = await session.putPartial({ segmentId, revision, text, targets, maxOpenSegments: 2 });
      // The clock of Redis must advance, so that one of them is idle for longer.
      await wait(2);
      if (put.status !== 'put') throw new Error(put.status);
      return put;
    },
  };
}

describe('the eviction of open segments', () => {
  it('I34: starts with the segment that has been idle for the longest', async () => {
    const { say } = await openNarrow();
    expect((await say(1)).evicted).toEqual([]);
    expect((await say(2)).evicted).toEqual([]);
    expect((await say(1, 1)).evicted).toEqual([]);
    expect((await say(3)).evicted).toEqual([2]);
    expect((await say(4)).evicted).toEqual([1]);
  });

  it.each(['', ' \n', '\u200b\u00ad', '\u3164\u2800'])('I34: prefers segments with a blank text: %j', async (blank) => {
    const { say } = await openNarrow();
    await say(1);
    await say(2, 0, blank);
    expect((await say(3)).evicted).toEqual([2]);
    await say(3, 1, blank);
    await say(3, 2, 'not any more');
    expect((await say(4)).evicted).toEqual([1]);
  });

  it('I34: is neither triggered nor postponed by a stale partial', async () => {
    const { say, putPartial } = await openNarrow();
    await say(1, 5);
    await say(2);
    expect(await putPartial({ segmentId: 1, revision: 4, maxOpenSegments: 2 })).toEqual({ status: 'stale' });
    expect((await say(3)).evicted).toEqual([1]);
  });

  it('I34: is not triggered by a partial without targets, which is not put', async () => {
    const { say, putPartial, sessionId } = await openNarrow();
    await say(1);
    await say(2);
    const subscription = await listenToWork(server, sessionId);
    expect(await putPartial({ segmentId: 3, revision: 0, targets: [], maxOpenSegments: 2 })).toEqual({
      status: 'stale',
    });
    expect(await subscription.all()).toEqual([]);
    expect((await say(1, 1)).evicted).toEqual([]);
  });

  it('I34: is undone by the next partial, which evicts another segment', async () => {
    const { say, take } = await openNarrow();
    for (const segmentId of [1, 2, 3]) await say(segmentId);
    const again = await say(1, 1, 'again');
    expect(again.evicted).toEqual([2]);
    expect((await take(1, jobOf(again))).work).toMatchObject({ revision: 1, text: 'again' });
  });

  it('I34: does not prevent the final from being accepted', async () => {
    const { say, settle, resolve } = await openNarrow();
    for (const segmentId of [1, 2, 3]) await say(segmentId);
    expect(await settle(1)).toMatchObject({ status: 'accepted', outstanding: [{ segmentId: 1, target: 'es' }] });
    expect(await resolve(1)).toBe('resolved');
    expect((await say(2, 1)).evicted).toEqual([]);
  });

  it('I34: is not needed after a final has closed a segment', async () => {
    const { say, settle } = await openNarrow();
    await say(1);
    await say(2);
    await settle(2);
    expect((await say(3)).evicted).toEqual([]);
  });

  it('I28, I34: notifies the holder, and prevents later commits and releases', async () => {
    const { say, take, commit, segments, sessionId, segmentKey } = await openNarrow(['es', 'fr']);
    const job = jobOf(await say(1));
    const { lease } = await take(1, job, 'taking');
    await say(2);
    const subscription = await listenToWork(server, sessionId);
    await say(3);
    expect(await subscription.all()).toEqual([{ v: 1, type: 'evicted', segmentId: 1 }]);
    expect(await redis.exists(segmentKey(1))).toBe(0);
    expect(await segments.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'closed' }] });
    expect(await commit(lease)).toEqual({ status: 'closed', newer: undefined });
    expect(await segments.release(sessionId, lease, true)).toEqual({ status: 'closed' });
    expect(await segments.take({ sessionId, segmentId: 1 }, job, 'taking')).toBeUndefined();
    expect(await redis.exists(segmentKey(1))).toBe(0);
  });

  it('I34: is triggered by a partial without translation as well', async () => {
    const { say, putPartial } = await openNarrow();
    await say(1);
    await say(2);
    const copies = [{ target: 'en', body: translatedPartial(3, 'en', 'hello') }];
    const shown = await putPartial({ segmentId: 3, revision: 0, targets: [], copies, maxOpenSegments: 2 });
    expect(shown).toEqual({ status: 'put', job: undefined, evicted: [1] });
    await wait(2);
    expect((await say(4)).evicted).toEqual([2]);
    expect((await say(5)).evicted).toEqual([3]);
  });

  it('I19: returns the same job for a put that is sent twice', async () => {
    const { say } = await openNarrow();
    await say(1);
    await say(2);
    const first = await say(3);
    expect(await say(3)).toEqual({ ...first, evicted: [] });
  });

  it('I17, I18: leaves no keys behind', async () => {
    const { say, settle, sessions, resolve, sessionId } = await openNarrow();
    for (let segmentId = 1; segmentId <= 100; segmentId++) await say(segmentId);
    expect(await redis.zcard(`{s:${sessionId}}:open`)).toBe(2);
    expect(await redis.exists(`{s:${sessionId}}:segments`)).toBe(0);
    const kept = await redis.keys(`{s:${sessionId}}:segment:*`);
    expect(kept).toHaveLength(2);
    for (const key of kept) expect(await redis.pttl(key)).toBeGreaterThan(60_000);
    await settle(100);
    await sessions.end(sessionId, 'owner');
    await resolve(100);
    expect(await redis.exists(`{s:${sessionId}}:open`)).toBe(0);
    for (const key of await redis.keys(`{s:${sessionId}}*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });

  it('I17, I18: starts with segments whose keys have expired', async () => {
    const { say, put, take, commit, segmentKey } = await openNarrow();
    const { lease } = await take(1, jobOf(await say(1)));
    await commit(lease);
    expect(await redis.pttl(segmentKey(1))).toBeGreaterThan(60_000);
    await say(2);
    await redis.del(segmentKey(1)); // As when it has run out.
    expect(await commit(lease)).toMatchObject({ status: 'closed' });
    expect(await redis.exists(segmentKey(1))).toBe(0);
    expect((await say(3)).evicted).toEqual([1]);
    await redis.del(segmentKey(2));
    expect(await put(2, 1)).toMatchObject({ status: 'put', evicted: [] });
  });
});
