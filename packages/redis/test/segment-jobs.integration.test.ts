import { describe, expect, it } from '@jest/globals';
import { jobOf, listenToWork, openSession, type TestSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

/** Simulates time in which no job of the segment was taken. */
async function letMarkAge(session: TestSession, segmentId: number, ms: number): Promise<void> {
  for (const field of ['markedAt', 'addedAt']) await redis.hincrby(session.segmentKey(segmentId), field, -ms);
}

/** Simulates an expired lease. */
async function letLeaseLapse(session: TestSession, segmentId: number): Promise<void> {
  await redis.hset(session.segmentKey(segmentId), 'leaseUntil', Date.now() - 1);
}

describe('the job of an open segment', () => {
  it('I9: is added once for many puts, and not while a thread holds the segment', async () => {
    const { put, take } = await openSession(redis);
    const job = jobOf(await put(1, 0));
    expect(job).toMatch(/^\d{16}$/);
    expect(jobOf(await put(1, 1))).toBe('');
    const { work } = await take(1, job);
    expect(work).toMatchObject({ revision: 1, text: 'text 1' });
    expect(jobOf(await put(1, 2))).toBe('');
  });

  it('I19: is returned again when the same revision is put again', async () => {
    const { put } = await openSession(redis);
    const job = jobOf(await put(1, 3));
    expect(jobOf(await put(1, 3))).toBe(job);
    expect(jobOf(await put(1, 3))).toBe(job);
    expect(jobOf(await put(1, 4))).toBe('');
  });

  it('I9: is returned again under its number if it was not taken within a second, to one caller', async () => {
    const session = await openSession(redis);
    const { put } = session;
    const job = jobOf(await put(1, 0));
    await letMarkAge(session, 1, 400);
    expect(jobOf(await put(1, 1))).toBe('');
    await letMarkAge(session, 1, 700);
    expect(jobOf(await put(1, 2))).toBe(job);
    expect(jobOf(await put(1, 2))).toBe(job);
    expect(jobOf(await put(1, 3))).toBe('');
    await letMarkAge(session, 1, 1100);
    expect(await session.segments.requeue(session.sessionId, [1])).toMatchObject([{ number: job }]);
    expect(await session.segments.requeue(session.sessionId, [1])).toEqual([]);
  });

  it.each(['a newer revision', 'the same revision'])(
    'I9: gets a new number after five seconds, for %s',
    async (which) => {
      const session = await openSession(redis);
      const { put, take, segments, sessionId } = session;
      const lost = jobOf(await put(1, 0));
      await letMarkAge(session, 1, 5100);
      const next = jobOf(await put(1, which === 'the same revision' ? 0 : 1));
      expect(Number(next)).toBeGreaterThan(Number(lost));
      const before = await redis.hgetall(session.segmentKey(1));
      expect(await segments.take({ sessionId, segmentId: 1 }, lost, 'late')).toBeUndefined();
      expect(await redis.hgetall(session.segmentKey(1))).toEqual(before);
      expect((await take(1, next)).work.revision).toBe(which === 'the same revision' ? 0 : 1);
    },
  );

  it('I9: is added by the next put after the lease of the holder has expired', async () => {
    const session = await openSession(redis);
    const { put, take, commit } = session;
    const job = jobOf(await put(1, 0));
    const dead = await take(1, job);
    await letLeaseLapse(session, 1);
    const next = jobOf(await put(1, 1));
    expect(Number(next)).toBeGreaterThan(Number(job));
    expect(jobOf(await put(1, 2))).toBe('');
    const { lease } = await take(1, next);
    expect(await commit(dead.lease)).toEqual({ status: 'fenced', newer: undefined });
    expect(await commit(lease)).toMatchObject({ status: 'published' });
  });

  it('is not needed if the holder renews an expired lease first', async () => {
    const session = await openSession(redis);
    const { put, hold, commit, segments, sessionId } = session;
    const { lease } = await hold(1, 0);
    await letLeaseLapse(session, 1);
    expect(await segments.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'held' }] });
    expect(jobOf(await put(1, 1))).toBe('');
    await letLeaseLapse(session, 1);
    await commit({ ...lease, knownRevision: 1 });
    expect(jobOf(await put(1, 2))).toBe('');
  });

  it('I1: fences an earlier run when the queue runs it again', async () => {
    const { put, take, commit, segments, sessionId } = await openSession(redis);
    const job = jobOf(await put(1, 0));
    const [stopped, running] = [await take(1, job), await take(1, job)];
    expect(Number(running.fence)).toBeGreaterThan(Number(stopped.fence));
    expect(await commit(stopped.lease)).toEqual({ status: 'fenced', newer: undefined });
    expect(await segments.renew(sessionId, [stopped.lease])).toMatchObject({ leases: [{ status: 'fenced' }] });
    for (const isHandedOver of [false, true]) {
      expect(await segments.release(sessionId, stopped.lease, isHandedOver)).toEqual({ status: 'fenced' });
    }
    expect(await commit(running.lease)).toMatchObject({ status: 'published' });
  });

  it('I9: is not taken back by an earlier run that reads the segment again', async () => {
    const { put, take, commit, segments, sessionId } = await openSession(redis);
    const job = jobOf(await put(1, 0));
    const stopped = await take(1, job, 'stopped');
    const segment = { sessionId, segmentId: 1 };
    expect(await segments.take(segment, job, 'stopped', stopped.fence)).toMatchObject({ fence: stopped.fence });
    const running = await take(1, job, 'running');
    expect(await segments.take(segment, job, 'stopped', stopped.fence)).toBeUndefined();
    expect(await segments.take(segment, job, 'running', running.fence)).toMatchObject({ fence: running.fence });
    expect(await commit(running.lease)).toMatchObject({ status: 'published' });
  });

  it('I1: fences the holder of the segment before it was evicted and opened again', async () => {
    const { put, take, hold, commit, putPartial } = await openSession(redis);
    const { lease } = await hold(1, 5);
    await putPartial({ segmentId: 2, revision: 0, maxOpenSegments: 1 });
    await take(1, jobOf(await put(1, 6)));
    expect(await commit(lease)).toEqual({ status: 'fenced', newer: undefined });
  });

  it('has a priority that grows with the open segments of its session only', async () => {
    const { put } = await openSession(redis);
    const other = await openSession(redis);
    const priorityOf = async (putting: ReturnType<typeof put>) => {
      const result = await putting;
      return result.status === 'put' ? result.job?.priority : undefined;
    };
    const priorities: unknown[] = [];
    for (let segmentId = 1; segmentId <= 6; segmentId++) priorities.push(await priorityOf(put(segmentId, 0)));
    expect(priorities).toEqual([0, 0, 0, 0, 1, 2]);
    expect(await priorityOf(other.put(1, 0))).toBe(0);
  });

  it('has the same priority when it is handed over', async () => {
    const { put, hold, segments, sessionId } = await openSession(redis);
    const { lease } = await hold(1, 0);
    for (let segmentId = 2; segmentId <= 6; segmentId++) await put(segmentId, 0);
    expect(await segments.release(sessionId, lease, true)).toMatchObject({ status: 'released', job: { priority: 2 } });
  });
});

describe('a released segment', () => {
  it('is taken again after its next partial', async () => {
    const { put, hold, take, commit, segments, sessionId } = await openSession(redis);
    const { lease } = await hold(1, 0);
    await commit(lease);
    expect(await segments.release(sessionId, lease, false)).toEqual({ status: 'released', job: undefined });
    expect(await segments.requeue(sessionId, [])).toEqual([]);
    const { work, shown } = await take(1, jobOf(await put(1, 1)));
    expect(work.revision).toBe(1);
    expect(shown.get('es')).toMatchObject({ revision: 0, caption: { text: 'es 0' } });
  });

  it.each([false, true])(
    'I9: gets no lease by a late call of its former holder, handed over: %s',
    async (isHandedOver) => {
      const { put, take, commit, segments, sessionId, segmentKey } = await openSession(redis);
      const job = jobOf(await put(1, 0));
      const { lease } = await take(1, job, 'taking');
      await segments.release(sessionId, lease, isHandedOver);
      expect(await segments.renew(sessionId, [lease])).toMatchObject({ leases: [{ status: 'fenced' }] });
      expect(await segments.take({ sessionId, segmentId: 1 }, job, 'taking')).toBeUndefined();
      expect(await commit(lease)).toEqual({ status: 'fenced', newer: undefined });
      expect(await redis.hexists(segmentKey(1), 'leaseUntil')).toBe(0);
    },
  );

  it('I9: stays held if a newer revision has arrived', async () => {
    const { put, hold, segments, sessionId } = await openSession(redis);
    const { lease } = await hold(1, 0);
    await put(1, 1);
    expect(await segments.release(sessionId, lease, false)).toMatchObject({ status: 'newer', newer: { revision: 1 } });
    expect(jobOf(await put(1, 2))).toBe('');
  });

  it('I9: is handed over by a new job, once, with the newest revision', async () => {
    const { put, hold, take, segments, sessionId } = await openSession(redis);
    const { lease } = await hold(1, 0);
    const release = await segments.release(sessionId, lease, true);
    if (release.status !== 'released' || release.job === undefined) throw new Error(release.status);
    expect(await segments.release(sessionId, lease, true)).toEqual(release);
    expect(jobOf(await put(1, 1))).toBe('');
    expect((await take(1, release.job.number)).work.revision).toBe(1);
    expect(await segments.release(sessionId, lease, true)).toEqual({ status: 'fenced' });
  });
});

describe('a requeued segment', () => {
  it('I9: gets a job if it has no holder, and is published to its holder otherwise', async () => {
    const session = await openSession(redis);
    const { hold, take, segments, sessionId } = session;
    const subscription = await listenToWork(server, sessionId);
    await hold(1, 3);
    expect(await segments.requeue(sessionId, [])).toEqual([]);
    expect(await subscription.all()).toMatchObject([{ type: 'revision', segmentId: 1, revision: 3 }]);
    await letLeaseLapse(session, 1);
    const [again] = await segments.requeue(sessionId, [1]);
    expect(again).toMatchObject({ segmentId: 1, priority: 0 });
    expect(await segments.requeue(sessionId, [])).toEqual([]);
    expect((await take(1, again?.number ?? '')).work.revision).toBe(3);
  });

  it('I9: gets no job once its newest revision is shown to all requested targets', async () => {
    const targets = ['es', 'fr'];
    const session = await openSession(redis, { targetLanguages: targets });
    const { hold, commit, sessions, segments, settings, sessionId } = session;
    const { lease } = await hold(1, 0, 'hello', targets);
    const numbers = async () => {
      await redis.hdel(session.segmentKey(1), 'markedAt');
      await letLeaseLapse(session, 1);
      return (await segments.requeue(sessionId, [])).length;
    };
    expect(await numbers()).toBe(1);
    await commit(lease, { target: 'es' });
    expect(await numbers()).toBe(1);
    await sessions.update(sessionId, 'owner', { ...settings, targetLanguages: ['es'] });
    expect(await numbers()).toBe(0);
    await sessions.update(sessionId, 'owner', settings);
    await commit(lease, { target: 'fr' });
    expect(await numbers()).toBe(0);
  });

  it('is one of the given segments, and open', async () => {
    const session = await openSession(redis);
    const { put, settle, segments, sessionId } = session;
    for (const segmentId of [1, 2, 3]) {
      await put(segmentId, 0);
      await letMarkAge(session, segmentId, 1100);
    }
    await settle(2);
    expect((await segments.requeue(sessionId, [1, 2, 9])).map(({ segmentId }) => segmentId)).toEqual([1]);
    expect((await segments.requeue(sessionId, [])).map(({ segmentId }) => segmentId)).toEqual([3]);
  });
});
