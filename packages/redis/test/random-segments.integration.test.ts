import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { PendingStore } from '../src/pending/index.ts';
import { segmentLeaseMs, SegmentStore, type Release } from '../src/segment/index.ts';
import { jobOf, listen, openSession, resending, metadata, translatedPartial, unlimited } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

interface Job {
  readonly segmentId: number;
  readonly number: string;
}

/**
 * A worker thread that holds a segment. It misses all messages on the channel and learns the newest revision from
 * replies.
 */
interface Holder extends Job {
  readonly taking: string;
  readonly fence: string;
  known: number;
  /** Revisions with a call in progress. */
  readonly calls: number[];
}

/** The queue: adding a job whose id is queued or finished has no effect. */
class JobQueue {
  readonly waiting: Job[] = [];
  readonly #ids = new Set<string>();

  add({ segmentId, number }: Job): void {
    const id = `${segmentId}/${number}`;
    if (number === '' || this.#ids.has(id)) return;
    this.#ids.add(id);
    this.waiting.push({ segmentId, number });
  }

  putBack({ segmentId, number }: Job): void {
    if (!this.waiting.some((job) => job.segmentId === segmentId && job.number === number))
      this.waiting.push({ segmentId, number });
  }
}

/** Without faults no lease expires, however slow this machine is. */
const stopTime = `
local now = redis.call('TIME')[1] * 1000
for _, key in ipairs(KEYS) do
  if redis.call('HEXISTS', key, 'leaseUntil') == 1 then redis.call('HSET', key, 'leaseUntil', now + 60000) end
  if redis.call('HEXISTS', key, 'markedAt') == 1 then redis.call('HSET', key, 'markedAt', now, 'addedAt', now) end
end`;

const passTime = `
for _, key in ipairs(KEYS) do
  for index = 2, #ARGV do
    if redis.call('HEXISTS', key, ARGV[index]) == 1 then redis.call('HINCRBY', key, ARGV[index], -ARGV[1]) end
  end
end`;

/**
 * Runs random steps of a speaker and worker threads; some calls are sent twice. With `hasFaults`, threads die or stall,
 * leases expire, jobs are lost and time passes.
 */
async function play(random: () => number, hasFaults: boolean): Promise<void> {
  const session = await openSession(redis);
  const { sessionId } = session;
  const keys = [0, 1, 2, 3].map((segmentId) => session.segmentKey(segmentId));
  const channel = await listen(server, sessionId);
  const connection = resending(redis, () => random() < 0.1);
  const segments = new SegmentStore(connection);
  const pending = new PendingStore(connection);
  const queue = new JobQueue();
  const holders = new Set<Holder>();
  /** Former holders, whose calls may still arrive. */
  const released: Holder[] = [];
  const newest = new Map<number, number>();
  const settled = new Set<number>();
  let takings = 0;
  const below = (count: number): number => Math.floor(random() * count);
  const anyOf = <Item>(items: Iterable<Item>): Item | undefined => {
    const all = [...items];
    return all[below(all.length)];
  };
  const isHeld = (segmentId: number): boolean => [...holders].some((holder) => holder.segmentId === segmentId);

  const put = async (segmentId: number, revision: number): Promise<void> => {
    const result = await segments.put({
      ...{ sessionId, connection: 'owner', segmentId, revision, text: `text ${revision}`, metadata, targets: ['es'] },
      ...{ copies: [], listenerTargets: [], maxOpenSegments: 32, maxOpenBytes: 1e9 },
    });
    if (settled.has(segmentId)) {
      expect(result).toEqual({ status: 'settled' });
      return;
    }
    newest.set(segmentId, revision);
    const isLost = hasFaults && random() < 0.1;
    if (!isLost) queue.add({ segmentId, number: jobOf(result) });
  };
  const take = async (): Promise<void> => {
    const [job] = queue.waiting.splice(below(queue.waiting.length), 1);
    if (job === undefined || (hasFaults && random() < 0.05)) return;
    const taking = String(takings++);
    const taken = await segments.take({ sessionId, segmentId: job.segmentId }, job.number, taking);
    if (taken === undefined) return;
    expect(taken.work.revision).toBe(newest.get(job.segmentId));
    if (!hasFaults) expect(isHeld(job.segmentId)).toBe(false);
    holders.add({ ...job, taking, fence: taken.fence, known: taken.work.revision, calls: [taken.work.revision] });
  };
  const leaseOf = ({ segmentId, fence, known }: Holder) => ({ segmentId, fence, knownRevision: known });
  const learn = (holder: Holder, revision: number | undefined): void => {
    if (revision === undefined) return;
    expect(revision).toBe(newest.get(holder.segmentId));
    holder.known = revision;
    holder.calls.push(revision);
  };
  const commit = async (holder: Holder | undefined): Promise<void> => {
    if (holder === undefined) return;
    const { segmentId, calls } = holder;
    const [revision = holder.known] = calls.splice(below(calls.length), 1);
    const body = translatedPartial(segmentId, 'es', String(segmentId));
    const target = { sessionId, segmentId, target: 'es' };
    const { status, newer } = await segments.commit(target, leaseOf(holder), revision, body);
    learn(holder, newer?.revision);
    if (status === 'closed' || status === 'fenced') holders.delete(holder);
    if (!hasFaults) expect(status === 'closed').toBe(settled.has(segmentId));
  };
  const renew = async (holder: Holder | undefined): Promise<void> => {
    if (holder === undefined) return;
    const { leases } = await segments.renew(sessionId, [leaseOf(holder)]);
    const [renewed] = leases;
    if (renewed?.status === 'held') learn(holder, renewed.newer?.revision);
    else holders.delete(holder);
  };
  const release = async (holder: Holder | undefined, isHandedOver: boolean): Promise<void> => {
    if (holder === undefined || (!isHandedOver && holder.calls.length > 0)) return;
    const result: Release = await segments.release(sessionId, leaseOf(holder), isHandedOver);
    if (result.status === 'newer') learn(holder, result.newer.revision);
    else holders.delete(holder);
    if (result.status !== 'released') return;
    queue.add({ ...holder, number: result.job?.number ?? '' });
    released.push(holder);
  };
  /** A call of a former holder that was sent before it knew that its segment is released. */
  const callLate = async (holder: Holder | undefined): Promise<void> => {
    if (holder === undefined) return;
    const { segmentId, number, taking } = holder;
    const choice = random();
    if (choice < 0.4) {
      const { leases } = await segments.renew(sessionId, [leaseOf(holder)]);
      expect(leases).not.toMatchObject([{ status: 'held' }]);
    } else if (choice < 0.7) {
      const taken = await segments.take({ sessionId, segmentId }, number, taking);
      // With faults, the queue may have run its job again meanwhile, for another holder.
      if (!hasFaults) expect(taken).toBeUndefined();
    } else {
      const body = translatedPartial(segmentId, 'es', String(segmentId));
      const target = { sessionId, segmentId, target: 'es' };
      const { status } = await segments.commit(target, leaseOf(holder), holder.known, body);
      expect(status).not.toBe('published');
    }
  };
  const requeue = async (): Promise<void> => {
    for (const { segmentId, number } of await segments.requeue(sessionId, [])) queue.add({ segmentId, number });
  };
  const shift = async (ms: number, ...fields: string[]): Promise<void> => {
    await redis.eval(passTime, 4, ...keys, ms, ...fields);
  };
  const fault = async (): Promise<void> => {
    const holder = anyOf(holders);
    const choice = random();
    if (choice < 0.3) await shift(segmentLeaseMs + 500, 'leaseUntil');
    else if (choice < 0.6) await shift(below(6000), 'markedAt', 'addedAt');
    else if (holder !== undefined) {
      // Its thread is dead or stalled.
      queue.putBack(holder);
      if (choice < 0.8) holders.delete(holder);
    }
  };
  const settle = async (segmentId: number): Promise<void> => {
    if (settled.has(segmentId)) return;
    const final = { sessionId, connection: 'owner', segmentId, text: 'final', metadata, targets: ['es'] };
    await pending.settle({ ...final, listenerTargets: [], listenersOnly: [], copies: [] }, unlimited);
    settled.add(segmentId);
    await session.resolve(segmentId);
  };

  for (let step = 0; step < 200; step++) {
    if (!hasFaults) await redis.eval(stopTime, 4, ...keys);
    const choice = random();
    const segmentId = below(4);
    if (choice < 0.35) await put(segmentId, (newest.get(segmentId) ?? -1) + 1 + below(3));
    else if (choice < 0.55) await take();
    else if (choice < 0.75) await commit(anyOf(holders));
    else if (choice < 0.82) await renew(anyOf(holders));
    else if (choice < 0.88) await release(anyOf(holders), random() < 0.5);
    else if (choice < 0.91) await callLate(anyOf(released));
    else if (choice < 0.94) await requeue();
    else if (choice < 0.99) await (hasFaults ? fault() : take());
    else await settle(segmentId);
    if (hasFaults) continue;
    const hasLease = (await redis.hexists(session.segmentKey(segmentId), 'leaseUntil')) === 1;
    expect(hasLease).toBe(isHeld(segmentId) && !settled.has(segmentId));
    const waiting = queue.waiting.filter((job) => job.segmentId === segmentId && !settled.has(segmentId));
    expect(waiting.length).toBeLessThanOrEqual(isHeld(segmentId) ? 0 : 1);
  }

  // Some seconds later: dead threads have lost their leases, and the edge has requeued unshown segments.
  await shift(segmentLeaseMs + 500, 'leaseUntil');
  await shift(6000, 'markedAt', 'addedAt');
  for (let round = 0; round < 3; round++) {
    for (const holder of [...holders]) await renew(holder);
    await requeue();
    while (queue.waiting.length > 0) await take();
    for (const holder of [...holders]) while (holders.has(holder) && holder.calls.length > 0) await commit(holder);
    await shift(6000, 'markedAt', 'addedAt');
  }

  const shown = new Map<number, number>();
  const concluded = new Set<number>();
  for (const message of await channel.all()) {
    const body = JSON.parse(message.slice(message.indexOf('{'))) as { type: string; segmentId: number };
    if (body.type === 'transcript') concluded.add(body.segmentId);
    if (body.type !== 'partial') continue;
    const revision = Number(message.split(' ')[2]);
    expect(concluded.has(body.segmentId)).toBe(false);
    expect(revision).toBeGreaterThan(shown.get(body.segmentId) ?? -1);
    shown.set(body.segmentId, revision);
  }
  for (const [segmentId, revision] of newest) {
    if (!settled.has(segmentId)) expect([segmentId, shown.get(segmentId)]).toEqual([segmentId, revision]);
  }
}

describe('open segments in random order of events', () => {
  it.each([
    ['of threads that live', false],
    ['of threads that die or stand still, and of jobs that are lost', true],
  ])(
    'I1, I2, I9, I19: show only newer revisions, nothing after the final, and finally the newest, %s',
    async (what, hasFaults) => {
      const random = seededRandom(testSeed(`open segments ${what}`));
      for (let round = 0; round < 6; round++) await play(random, hasFaults);
    },
  );
});
