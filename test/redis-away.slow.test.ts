import { describe, expect, it } from '@jest/globals';
import { startSentinel, startStandalone } from './harness/topologies/index.ts';
import { talkThroughAbsences } from './redis-away/redis-away.ts';

const durable = { appendonly: 'yes', appendfsync: 'always' };
const soonMs = 1000;
const absences = [20_000, 60_000].flatMap((forMs) => [
  { how: 'killed', forMs } as const,
  { how: 'frozen', forMs } as const,
]);

describe('a long absence of Redis', () => {
  it('I3: one server: workers consume every queue within a second of its return', async () => {
    await using topology = await startStandalone({ settings: durable });
    const times = await talkThroughAbsences(topology, absences, () => Promise.resolve(topology.server));
    expect(Math.max(...times)).toBeLessThan(soonMs);
  }, 500_000);

  it('I3: all servers behind sentinels: workers consume every queue within a second of their return', async () => {
    await using topology = await startSentinel(durable);
    const times = await talkThroughAbsences(topology, absences, () => topology.master());
    expect(Math.max(...times)).toBeLessThan(soonMs);
  }, 500_000);
});
