import { describe, expect, it } from '@jest/globals';
import { SessionSchedule, SessionInspection } from '../src/schedule/index.ts';
import { listenToWork, openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();
const schedule = new SessionSchedule(redis);
const inspection = new SessionInspection(redis);

const dueInMs = async (sessionId: string): Promise<number> =>
  Number(await redis.zscore('deadlines:0', sessionId)) / 1000 - Date.now();

describe('a deadline', () => {
  it('is claimed by one worker, and becomes due again if that worker dies', async () => {
    await schedule.schedule('s1', 0);
    expect((await schedule.claim(10)).map(({ sessionId }) => sessionId)).toEqual(['s1']);
    expect(await schedule.claim(10)).toEqual([]);
    expect(await dueInMs('s1')).toBeGreaterThan(3000);
    await redis.zrem('deadlines:0', 's1');
  });

  it('can only be moved earlier', async () => {
    await schedule.schedule('s2', 2000);
    await schedule.schedule('s2', 60_000);
    expect(await dueInMs('s2')).toBeLessThan(2100);
    await redis.zrem('deadlines:0', 's2');
  });

  it('keeps an earlier time that was set during an inspection', async () => {
    await schedule.schedule('s3', 0);
    const [claim] = await schedule.claim(10);
    if (claim === undefined) throw new Error('nothing was due');
    await schedule.schedule('s3', 1000);
    await schedule.release(claim, 30_000);
    expect(await dueInMs('s3')).toBeLessThan(1100);
    await schedule.release(claim, undefined);
    expect(await redis.zscore('deadlines:0', 's3')).not.toBeNull();
    await redis.zrem('deadlines:0', 's3');
  });

  it('is removed with its session', async () => {
    await schedule.schedule('s4', 0);
    const [claim] = await schedule.claim(10);
    if (claim === undefined) throw new Error('nothing was due');
    await schedule.release(claim, undefined);
    expect(await redis.zscore('deadlines:0', 's4')).toBeNull();
  });
});

describe('a poll', () => {
  it('I24: ends no session for one lease time after an outage', async () => {
    await redis.del('deadlines:0:walk');
    expect(await schedule.poll()).toEqual({ mayEnd: true });
    await redis.hset('deadlines:0:walk', 'at', Date.now() - 6000);
    expect(await schedule.poll()).toEqual({ mayEnd: false });
    expect(await schedule.poll()).toEqual({ mayEnd: false });
    await redis.hset('deadlines:0:walk', 'spareUntil', Date.now() - 1);
    expect(await schedule.poll()).toEqual({ mayEnd: true });
    const { sessionId } = await openSession(redis);
    await redis.hset(`{s:${sessionId}}:session`, { leaseUntil: '0', graceMs: '0' });
    expect(await inspection.inspect(sessionId, false)).toMatchObject({ state: 'live' });
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ending' });
  });
});

/** Simulates the end of the time in which workers write a closing session's usage. */
const usageTimeOver = (sessionId: string) => redis.hset(`{s:${sessionId}}:session`, 'closedAt', '0');

describe('an inspection', () => {
  it('I17: persists the key of a new session', async () => {
    const { sessionId } = await openSession(redis);
    expect(await redis.pttl(`{s:${sessionId}}:session`)).toBeGreaterThan(60_000);
    await inspection.inspect(sessionId, true);
    expect(await redis.pttl(`{s:${sessionId}}:session`)).toBe(-1);
  });

  it('leaves a session with a live owner unchanged', async () => {
    const { sessionId } = await openSession(redis);
    expect(await inspection.inspect(sessionId, true)).toMatchObject({
      state: 'live',
      nextInMs: 30_000,
      outstanding: [],
    });
  });

  it('I17: ends a session after its grace period, and every key expires', async () => {
    const { sessionId, sessions, put, hold } = await openSession(redis);
    await put(1, 0);
    await hold(2, 0);
    const subscription = await listenToWork(server, sessionId);
    await sessions.detach(sessionId, 'owner');
    const visit = await inspection.inspect(sessionId, true);
    expect(visit).toMatchObject({ state: 'live' });
    await redis.hset(`{s:${sessionId}}:session`, 'graceMs', '0');
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ending', nextInMs: 500 });
    await usageTimeOver(sessionId);
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ended' });
    expect(await subscription.all()).toEqual([{ v: 1, type: 'ended' }]);
    for (const key of await redis.keys(`{s:${sessionId}}*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });

  it('I3: lets the finals of an abandoned session complete first', async () => {
    const { sessionId, settle, resolve } = await openSession(redis);
    await settle(1);
    await redis.hset(`{s:${sessionId}}:session`, { leaseUntil: '0', graceMs: '0' });
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ending' });
    await usageTimeOver(sessionId);
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ending' });
    await resolve(1);
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ state: 'ended' });
  });

  it('I3: returns finals older than a second, and is repeated soon while there are any', async () => {
    const { sessionId, settle } = await openSession(redis);
    await settle(1);
    expect(await inspection.inspect(sessionId, true)).toMatchObject({ outstanding: [], nextInMs: 1500 });
    const key = `{s:${sessionId}}:pending`;
    await redis.hset(key, 'out 1 es', '1000 0 -1 1');
    expect(await inspection.inspect(sessionId, true)).toMatchObject({
      outstanding: [{ segmentId: 1, target: 'es', number: '1000', priority: 0 }],
    });
  });

  it('I19: renumbers a final once, however often it is called', async () => {
    const { pending, settle, segmentTarget } = await openSession(redis);
    const settled = await settle(1);
    const job = settled.status === 'accepted' ? (settled.outstanding[0]?.number ?? '') : '';
    const next = await pending.renumber(segmentTarget(1), job);
    expect(Number(next)).toBeGreaterThan(Number(job));
    expect(await pending.renumber(segmentTarget(1), job)).toBe(next);
  });
});
