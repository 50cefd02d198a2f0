import { describe, expect, it } from '@jest/globals';
import { Presence, Resumption, type ResumeSession } from '../src/session/index.ts';
import { listen, openSession, metadata } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();
const resumption = new Resumption(redis);

async function resumable(changed: Parameters<typeof openSession>[1] = {}) {
  const opened = await openSession(redis, changed);
  const { sessionId } = opened;
  return {
    ...opened,
    resume: (connection: string, token: string, next: string, more: Partial<ResumeSession> = {}) =>
      resumption.resume({
        sessionId,
        connection,
        tokenHash: token,
        nextTokenHash: next,
        offset: 0,
        held: [],
        ...more,
      }),
  };
}

describe('a resume token', () => {
  it('is good for one connection after the other, each with the one that it was given', async () => {
    const { resume, sessions, sessionId } = await resumable();
    expect(await resume('second', 'first', 'next')).toMatchObject({ status: 'resumed' });
    await sessions.confirm(sessionId, 'second', 'next');
    expect(await resume('third', 'first', 'x')).toEqual({ status: 'wrong-token' });
    expect(await resume('third', 'next', 'y')).toMatchObject({ status: 'resumed' });
  });

  it('stays good as long as the answer that brought the next one may be lost', async () => {
    const { resume, sessions, sessionId } = await resumable();
    for (const attempt of ['a', 'b', 'c']) {
      expect(await resume(attempt, 'first', `next-${attempt}`)).toMatchObject({ status: 'resumed' });
    }
    // The answer to an earlier try arrives in the end: its token is as good.
    expect(await resume('d', 'next-b', 'next-d')).toMatchObject({ status: 'resumed' });
    await sessions.confirm(sessionId, 'd', 'next-d');
    for (const token of ['first', 'next-a', 'next-b', 'next-c']) {
      expect(await resume('e', token, 'x')).toEqual({ status: 'wrong-token' });
    }
  });

  it('I19: gives the same answer where the call is sent twice', async () => {
    const { resume } = await resumable();
    const first = await resume('second', 'first', 'next', { held: [3] });
    expect(await resume('second', 'first', 'next', { held: [3] })).toEqual(first);
  });

  it('is of no use for a session that is gone', async () => {
    const { resume } = await resumable();
    expect(await resume('second', 'first', 'next', { sessionId: 'nobody' })).toEqual({ status: 'gone' });
  });
});

describe('the newer connection', () => {
  it('I21: fences off the older one, whatever that still sends, and is named on the channel', async () => {
    const { resume, sessionId, sessions, settings, settle, put } = await resumable();
    const heard = await listen(server, sessionId);
    await resume('second', 'first', 'next');
    expect(await heard.all()).toEqual([expect.stringMatching(/^o second \d+$/)]);
    expect(await settle(1)).toEqual({ status: 'fenced' });
    expect(await put(2, 0)).toEqual({ status: 'fenced' });
    expect(await sessions.update(sessionId, 'owner', settings)).toBe('fenced');
    expect(await sessions.end(sessionId, 'owner')).toBe('fenced');
    expect(await sessions.detach(sessionId, 'owner')).toEqual({ graceMs: 0 });
  });

  it('is not taken for an older one by an edge that vouches for its own', async () => {
    const { resume, ownedSince } = await resumable();
    const vouched = { ownedSince };
    expect(await resume('owner', 'any', 'next', vouched)).toMatchObject({ status: 'resumed' });
    expect(await resume('second', 'next', 'later')).toMatchObject({ status: 'resumed' });
    expect(await resume('owner', 'any', 'x', vouched)).toEqual({ status: 'fenced' });
  });

  it('wins by vouching where Redis has lost that it was the newest', async () => {
    const { resume, sessionId } = await resumable();
    const before = await redis.hgetall(`{s:${sessionId}}:session`);
    const resumed = await resume('second', 'first', 'next');
    if (resumed.status !== 'resumed') throw new Error(resumed.status);
    await redis.hset(`{s:${sessionId}}:session`, before);
    const { ownedSince } = resumed;
    expect(await resume('second', 'next', 'later', { ownedSince })).toMatchObject({ status: 'resumed' });
    // The answer may be lost: the token that the client has is good, though Redis has lost it.
    expect(await resume('third', 'next', 'last')).toMatchObject({ status: 'resumed' });
  });
});

async function serverTimeMs(): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

describe('an owner that Redis has forgotten', () => {
  it('I24: is not told that a newer one has taken over, by whatever it asks', async () => {
    const { resume, sessionId, sessions, settings, pending, putPartial } = await resumable();
    const before = await redis.hgetall(`{s:${sessionId}}:session`);
    const resumed = await resume('second', 'first', 'next');
    if (resumed.status !== 'resumed') throw new Error(resumed.status);
    await redis.hset(`{s:${sessionId}}:session`, before);
    const mark = `second ${resumed.ownedSince}`;
    const said = { sessionId, connection: mark, segmentId: 1, text: 'hello', metadata, targets: ['es'] };
    const forgotten = { status: 'forgotten' };
    expect(await pending.settle({ ...said, listenerTargets: [], listenersOnly: [], copies: [] })).toEqual(forgotten);
    expect(await putPartial({ ...said, revision: 0 })).toEqual(forgotten);
    expect(await sessions.update(sessionId, mark, settings)).toBe('forgotten');
    expect(await sessions.end(sessionId, mark)).toBe('forgotten');
    const presence = await new Presence(redis).renewLease({ sessionId, owner: mark, edge: 'a', languages: [] });
    expect(presence).toMatchObject(forgotten);
    expect(await resume('second', 'next', 'later', { ownedSince: resumed.ownedSince })).toMatchObject({
      status: 'resumed',
    });
  });

  it('I23: says what it holds where the log lacks what it has seen, though it has grown since', async () => {
    const { resume, settle, resolve, sessionId, head } = await resumable();
    const seen = head + 1;
    // Offsets go by the clock, in thousandths of its milliseconds: from the next one on, none is what was seen.
    while ((await serverTimeMs()) * 1000 <= seen) continue;
    await settle(1);
    await settle(2);
    await resolve(3);
    const resumed = await resume('second', 'first', 'next', { offset: seen, held: [2] });
    expect(resumed).toMatchObject({ status: 'resumed', accepted: [], missing: [2] });
    await resolve(1);
    const [, , body] = await redis.xrange(`{s:${sessionId}}:log`, '-', '+');
    expect(body?.[1][1]).toContain('"listenersOnly":true');
  });
});

describe('what a client holds', () => {
  it('I3: is told apart into accepted and missing, with the jobs that must stand in the lane', async () => {
    const { resume, settle, resolve } = await resumable();
    await settle(1);
    await settle(2, 'two', ['es', 'ca']);
    await resolve(1);
    const resumed = await resume('second', 'first', 'next', { held: [1, 2, 3] });
    expect(resumed).toMatchObject({ accepted: [1, 2], missing: [3], recovered: true });
    expect(resumed).toMatchObject({
      outstanding: [
        { segmentId: 2, target: 'es' },
        { segmentId: 2, target: 'ca' },
      ],
    });
  });

  it('is accepted too where it is older than what is remembered of settled segments', async () => {
    const { resume, sessionId } = await resumable();
    await redis.hset(`{s:${sessionId}}:segments`, 'floor', '10');
    expect(await resume('second', 'first', 'next', { held: [9, 11] })).toMatchObject({ accepted: [9], missing: [11] });
  });

  it('says that the log no longer reaches back', async () => {
    const { resume, head, sessionId } = await resumable();
    await redis.hset(`{s:${sessionId}}:session`, 'logTrimmedTo', head + 5);
    expect(await resume('a', 'first', 'b', { offset: head + 4 })).toMatchObject({ recovered: false });
    expect(await resume('c', 'first', 'd', { offset: head + 5 })).toMatchObject({ recovered: true });
  });
});
