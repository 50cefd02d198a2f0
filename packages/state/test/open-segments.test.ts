import { describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { openSession, spoken, ticketOf } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

const nobody = { segments: [], calls: [] };

/** A session that may have two segments open. */
async function openNarrow(targetLanguages = ['es']) {
  const session = await openSession(redis, { targetLanguages });
  return {
    ...session,
    say: async (segmentId: number, revision = 0, text = `text ${segmentId}`, maxOpenSegments = 2) => {
      const put = await session.put(segmentId, revision, text, targetLanguages, maxOpenSegments);
      // Redis's clock tells which of them has been idle for longer.
      await wait(2);
      if (put.status !== 'put') throw new Error(put.status);
      return put;
    },
  };
}

describe('open segments', () => {
  it('I34: give way to the newest, the one first that has been idle for the longest', async () => {
    const { say } = await openNarrow();
    expect((await say(1)).evicted).toEqual(nobody);
    expect((await say(2)).evicted).toEqual(nobody);
    expect((await say(1, 1)).evicted).toEqual(nobody);
    expect((await say(3)).evicted.segments).toEqual([2]);
    expect((await say(4)).evicted.segments).toEqual([1]);
  });

  it.each(['', ' \n', '\u200b\u00ad', '\u3164\u2800'])(
    'I34: give way before all others where their text is blank: %j',
    async (blank) => {
      const { say } = await openNarrow();
      await say(1);
      await say(2, 0, blank);
      expect((await say(3)).evicted.segments).toEqual([2]);
      await say(3, 1, blank);
      await say(3, 2, 'not any more');
      expect((await say(4)).evicted.segments).toEqual([1]);
    },
  );

  it('I34: do not give way for a partial that is stale, nor does that make one younger', async () => {
    const { say, put } = await openNarrow();
    await say(1, 5);
    await say(2);
    expect(await put(1, 4, 'older', ['es'], 2)).toEqual({ status: 'stale' });
    expect((await say(3)).evicted.segments).toEqual([1]);
  });

  it('I34: come back with their next partial, at the cost of another', async () => {
    const { say, slots, slot } = await openNarrow();
    for (const segmentId of [1, 2, 3]) await say(segmentId);
    const { evicted, tickets } = await say(1, 1, 'again');
    expect(evicted.segments).toEqual([2]);
    const taken = await slots.take(slot(1), tickets[0]?.number ?? '', 'thread');
    expect(taken).toMatchObject({ status: 'taken', revision: 1, text: 'again' });
  });

  it('I34: have their final accepted after they gave way', async () => {
    const { say, settle, resolve } = await openNarrow();
    for (const segmentId of [1, 2, 3]) await say(segmentId);
    expect(await settle(1)).toMatchObject({ status: 'accepted', outstanding: [{ segmentId: 1, target: 'es' }] });
    expect(await resolve(1)).toBe('resolved');
    expect((await say(2, 1)).evicted).toEqual(nobody);
  });

  it('I34: make room by their final', async () => {
    const { say, settle } = await openNarrow();
    await say(1);
    await say(2);
    await settle(2);
    expect((await say(3)).evicted).toEqual(nobody);
  });

  it('I28, I34: lose their slots and name their calls, which are of no use any more', async () => {
    const { say, slots, slot, sessionId } = await openNarrow(['es', 'fr']);
    const { tickets } = await say(1);
    const digests: string[] = [];
    for (const { target, number } of tickets) {
      const taken = await slots.take(slot(1, target), number, 'thread');
      digests.push(taken.status === 'taken' ? taken.digest : '');
    }
    await say(2);
    const { evicted } = await say(3);
    expect(evicted).toEqual({
      segments: [1],
      calls: ['es', 'fr'].map((target, index) => ({ segmentId: 1, target, thread: 'thread', digest: digests[index] })),
    });
    expect(await redis.keys(`{s:${sessionId}}:slot:1:*`)).toEqual([]);
    const number = tickets[0]?.number ?? '';
    expect(await slots.renew(slot(1), number, digests[0] ?? '')).toBe('cancel');
    expect(await slots.commit(slot(1), number, 0, '{}')).toEqual({ status: 'gone', due: undefined });
    expect(await slots.release(slot(1), number, true)).toEqual({ due: undefined });
  });

  it('I34: give way also to one that needs no translation', async () => {
    const { say, slots, sessionId, ownedSince } = await openNarrow();
    await say(1);
    await say(2);
    const shown = await slots.show(
      {
        ...{ sessionId, connection: `owner ${ownedSince}`, segmentId: 3, revision: 0, text: 'hola', spoken },
        ...{ targets: ['es'], listenerTargets: [], maxOpenSegments: 2 },
      },
      () => ({ ...spoken, type: 'partial-transcript', segmentId: 3, text: 'hola' }),
    );
    expect(shown).toMatchObject({ status: 'put', evicted: { segments: [1] } });
    expect((await say(4)).evicted.segments).toEqual([2]);
    expect((await say(5)).evicted.segments).toEqual([3]);
  });

  it('I19: answer a put that is sent twice with the same ticket', async () => {
    const { say } = await openNarrow();
    await say(1);
    await say(2);
    const first = await say(3);
    expect(ticketOf(await say(3))).toBe(ticketOf(first));
  });

  it('I17, I18: leave nothing behind, however many gave way', async () => {
    const { say, settle, sessions, resolve, sessionId } = await openNarrow();
    for (let segmentId = 1; segmentId <= 100; segmentId++) await say(segmentId);
    expect(await redis.zcard(`{s:${sessionId}}:open`)).toBe(2);
    expect(await redis.hkeys(`{s:${sessionId}}:segments`)).toHaveLength(2);
    expect(await redis.keys(`{s:${sessionId}}:slot:*`)).toHaveLength(2);
    await settle(100);
    await sessions.end(sessionId, 'owner');
    await resolve(100);
    expect(await redis.exists(`{s:${sessionId}}:open`)).toBe(0);
    for (const key of await redis.keys(`{s:${sessionId}}*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });

  it('I34: add no more tickets to the lane than so many may wait, and get them later', async () => {
    const { say, slots, slot, sessionId } = await openNarrow();
    let tickets = 0;
    for (let segmentId = 1; segmentId <= 60; segmentId++) tickets += (await say(segmentId)).tickets.length;
    // Two open segments, and 32 to spare.
    expect(tickets).toBe(34);
    const [again] = await slots.putAgain(sessionId, [60]);
    expect(await slots.take(slot(60), again?.number ?? '', 'thread')).toMatchObject({ status: 'taken', revision: 0 });
  });
});
