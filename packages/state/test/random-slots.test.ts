import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { listen, openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

interface Call {
  readonly segment: number;
  readonly ticket: string;
  readonly revision: number;
}

/**
 * A lane, workers that finish in any order or give up, and a speaker, all stepping at random; some calls are made
 * twice, as a client does that lost its connection in between.
 */
async function play(random: () => number): Promise<void> {
  const inFlight = 1 + Math.floor(random() * 4);
  const session = await openSession(redis, {}, inFlight);
  const channel = await listen(server, session.sessionId);
  const lane: { segment: number; ticket: string }[] = [];
  const calls: Call[] = [];
  const newest = new Map<number, number>();
  const settled = new Set<number>();
  const below = (count: number): number => Math.floor(random() * count);
  const twice = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (random() < 0.1) await call();
    return call();
  };
  const addTicket = (segment: number, ticket: string): void => {
    const standing = lane.some((other) => other.segment === segment && other.ticket === ticket);
    if (ticket !== '' && !standing) lane.push({ segment, ticket });
  };

  const put = async (segment: number, revision: number): Promise<void> => {
    const result = await twice(() => session.put(segment, revision));
    if (result.status === 'put') for (const { number } of result.tickets) addTicket(segment, number);
    else expect(settled.has(segment)).toBe(true);
  };
  const take = async (): Promise<void> => {
    const [job] = lane.splice(below(lane.length), 1);
    if (job === undefined) return;
    const taken = await twice(() => session.slots.take(session.slot(job.segment), job.ticket, 'thread'));
    addTicket(job.segment, taken.due?.number ?? '');
    if (taken.status === 'none') return;
    expect(taken.revision).toBe(newest.get(job.segment));
    calls.push({ ...job, revision: taken.revision });
    const atOnce = calls.filter(({ segment }) => segment === job.segment && !settled.has(segment));
    expect(atOnce.length).toBeLessThanOrEqual(inFlight);
  };
  const finish = async (giveUp: boolean): Promise<void> => {
    const [call] = calls.splice(below(calls.length), 1);
    if (call === undefined) return;
    const slot = session.slot(call.segment);
    const { due } = giveUp
      ? await twice(() => session.slots.release(slot, call.ticket))
      : await twice(() => session.slots.commit(slot, call.ticket, call.revision, String(call.segment)));
    addTicket(call.segment, due?.number ?? '');
  };
  const drain = async (): Promise<void> => {
    while (lane.length + calls.length > 0) await (lane.length > 0 && random() < 0.5 ? take() : finish(false));
  };

  for (let step = 0; step < 300; step++) {
    const segment = below(3);
    const choice = random();
    if (choice < 0.35) {
      const revision = (newest.get(segment) ?? -1) + 1 + below(3);
      if (!settled.has(segment)) newest.set(segment, revision);
      await put(segment, revision);
    } else if (choice < 0.65) await take();
    else if (choice < 0.99) await finish(random() < 0.2);
    else if (!settled.has(segment)) {
      await session.settle(segment);
      settled.add(segment);
      await session.resolve(segment);
    }
    expect(lane.filter((job) => job.segment === segment && !settled.has(segment)).length).toBeLessThanOrEqual(
      1 + inFlight,
    );
  }
  await drain();
  // What an edge does for a revision that nobody shows: it puts it again.
  for (const [segment, revision] of newest) if (!settled.has(segment)) await put(segment, revision);
  await drain();

  const shown = new Map<number, number>();
  const concluded = new Set<number>();
  for (const message of await channel.all()) {
    const [kind, , revision, body = ''] = message.split(' ');
    if (kind === 'p') {
      const segment = Number(body);
      expect(concluded.has(segment)).toBe(false);
      expect(Number(revision)).toBeGreaterThan(shown.get(segment) ?? -1);
      shown.set(segment, Number(revision));
    } else if (message.includes('"transcript"')) {
      concluded.add((JSON.parse(message.slice(message.indexOf('{'))) as { segmentId: number }).segmentId);
    }
  }
  for (const [segment, revision] of newest) if (!settled.has(segment)) expect(shown.get(segment)).toBe(revision);
}

describe('slots in any order of events', () => {
  it('I1, I2, I9, I10: show only newer revisions, nothing after the final, and the newest in the end', async () => {
    const seed = testSeed('slots in any order of events');
    const random = seededRandom(seed);
    for (let round = 0; round < 20; round++) await play(random);
  });
});
