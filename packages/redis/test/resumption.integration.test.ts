import { describe, expect, it } from '@jest/globals';
import { Presence, Resumption, type ResumeSession } from '../src/session/index.ts';
import { listen, openSession, metadata, unlimited } from './fixture.ts';
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
        tenant: 't',
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
  it('is valid for one connection after another, each with its own token', async () => {
    const { resume, sessions, sessionId } = await resumable();
    expect(await resume('second', 'first', 'next')).toMatchObject({ status: 'resumed' });
    await sessions.confirm(sessionId, 'second', 'next');
    expect(await resume('third', 'first', 'x')).toEqual({ status: 'wrong-token' });
    expect(await resume('third', 'next', 'y')).toMatchObject({ status: 'resumed' });
  });

  it('is worth nothing to another tenant, who does not learn of the session', async () => {
    const { resume } = await resumable();
    expect(await resume('second', 'first', 'next', { tenant: 'u' })).toEqual({ status: 'gone' });
    expect(await resume('second', 'first', 'next')).toMatchObject({ status: 'resumed' });
  });

  it('stays valid while the reply with the next token may be lost', async () => {
    const { resume, sessions, sessionId } = await resumable();
    for (const attempt of ['a', 'b', 'c']) {
      expect(await resume(attempt, 'first', `next-${attempt}`)).toMatchObject({ status: 'resumed' });
    }
    // The reply to an earlier attempt arrives late; its token is valid as well.
    expect(await resume('d', 'next-b', 'next-d')).toMatchObject({ status: 'resumed' });
    await sessions.confirm(sessionId, 'd', 'next-d');
    for (const token of ['first', 'next-a', 'next-b', 'next-c']) {
      expect(await resume('e', token, 'x')).toEqual({ status: 'wrong-token' });
    }
  });

  it('I19: returns the same reply for a call that is sent twice', async () => {
    const { resume } = await resumable();
    const first = await resume('second', 'first', 'next', { held: [3] });
    expect(await resume('second', 'first', 'next', { held: [3] })).toEqual(first);
  });

  it('is rejected if the session no longer exists', async () => {
    const { resume } = await resumable();
    expect(await resume('second', 'first', 'next', { sessionId: 'nobody' })).toEqual({ status: 'gone' });
  });
});

describe('a newer connection', () => {
  it('I21: fences the older one and is announced on the channel', async () => {
    const { resume, sessionId, sessions, settings, settle, put } = await resumable();
    const subscription = await listen(server, sessionId);
    await resume('second', 'first', 'next');
    expect(await subscription.all()).toEqual([expect.stringMatching(/^o second \d+$/)]);
    expect(await settle(1)).toEqual({ status: 'fenced' });
    expect(await put(2, 0)).toEqual({ status: 'fenced' });
    expect(await sessions.update(sessionId, 'owner', settings)).toBe('fenced');
    expect(await sessions.end(sessionId, 'owner')).toBe('fenced');
    expect(await sessions.detach(sessionId, 'owner')).toEqual({ graceMs: 0 });
  });

  it('is not replaced by an older one whose edge vouches for it', async () => {
    const { resume, ownedSince } = await resumable();
    const vouched = { ownedSince };
    expect(await resume('owner', 'any', 'next', vouched)).toMatchObject({ status: 'resumed' });
    expect(await resume('second', 'next', 'later')).toMatchObject({ status: 'resumed' });
    expect(await resume('owner', 'any', 'x', vouched)).toEqual({ status: 'fenced' });
  });

  it('becomes the owner again if its edge vouches for it after lost writes', async () => {
    const { resume, sessionId } = await resumable();
    const before = await redis.hgetall(`{s:${sessionId}}:session`);
    const resumed = await resume('second', 'first', 'next');
    if (resumed.status !== 'resumed') throw new Error(resumed.status);
    await redis.hset(`{s:${sessionId}}:session`, before);
    const { ownedSince } = resumed;
    expect(await resume('second', 'next', 'later', { ownedSince })).toMatchObject({ status: 'resumed' });
    // The reply may be lost: the client's token is valid, although Redis has lost it.
    expect(await resume('third', 'next', 'last')).toMatchObject({ status: 'resumed' });
  });
});

async function serverTimeMs(): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

describe('an owner that Redis has lost', () => {
  it('I24: gets owner-lost instead of fenced from every call', async () => {
    const { resume, sessionId, sessions, settings, pending, putPartial } = await resumable();
    const before = await redis.hgetall(`{s:${sessionId}}:session`);
    const resumed = await resume('second', 'first', 'next');
    if (resumed.status !== 'resumed') throw new Error(resumed.status);
    await redis.hset(`{s:${sessionId}}:session`, before);
    const mark = `second ${resumed.ownedSince}`;
    const transcript = { sessionId, connection: mark, segmentId: 1, text: 'hello', metadata, targets: ['es'] };
    const ownerLost = { status: 'owner-lost' };
    expect(
      await pending.settle({ ...transcript, listenerTargets: [], listenersOnly: [], copies: [] }, unlimited),
    ).toEqual(ownerLost);
    expect(await putPartial({ ...transcript, revision: 0 })).toEqual(ownerLost);
    expect(await sessions.update(sessionId, mark, settings)).toBe('owner-lost');
    expect(await sessions.end(sessionId, mark)).toBe('owner-lost');
    const presence = await new Presence(redis).renewLease({ sessionId, owner: mark, edge: 'a', languages: [] });
    expect(presence).toMatchObject(ownerLost);
    expect(await resume('second', 'next', 'later', { ownedSince: resumed.ownedSince })).toMatchObject({
      status: 'resumed',
    });
  });

  it('I23: reports the finals it keeps if the log lacks an offset it has seen, even after the log has grown', async () => {
    const { resume, settle, resolve, sessionId, head } = await resumable();
    const seen = head + 1;
    // Offsets are derived from the clock in microseconds, so from the next millisecond on none equals the one that was
    // seen.
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

describe('the finals that a client keeps', () => {
  it('I3: are reported as accepted or missing, with the jobs that must be queued', async () => {
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

  it('I47: are returned with a bounded number of jobs, however many are outstanding', async () => {
    const { resume, settle } = await resumable();
    const held = Array.from({ length: 90 }, (_, index) => index);
    for (const id of held) await settle(id, 'text', ['es', 'ca', 'fr', 'de']);
    const resumed = await resume('second', 'first', 'next', { held });
    expect(resumed).toMatchObject({ accepted: held, missing: [] });
    expect(resumed.status === 'resumed' && resumed.outstanding).toHaveLength(256);
  });

  it('are accepted if they are older than the recorded settled segments', async () => {
    const { resume, sessionId } = await resumable();
    await redis.hset(`{s:${sessionId}}:segments`, 'floor', '10');
    expect(await resume('second', 'first', 'next', { held: [9, 11] })).toMatchObject({ accepted: [9], missing: [11] });
  });

  it('are returned with the information that the log no longer reaches back', async () => {
    const { resume, head, sessionId } = await resumable();
    await redis.hset(`{s:${sessionId}}:session`, 'logTrimmedTo', head + 5);
    expect(await resume('a', 'first', 'b', { offset: head + 4 })).toMatchObject({ recovered: false });
    expect(await resume('c', 'first', 'd', { offset: head + 5 })).toMatchObject({ recovered: true });
  });
});
