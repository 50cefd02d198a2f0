import { describe, expect, it } from '@jest/globals';
import { startStandalone } from './harness/topologies/index.ts';
import { talkThroughAbsences } from './redis-away/redis-away.ts';

describe('a short absence of Redis', () => {
  it('I3: workers consume every queue after its return', async () => {
    await using topology = await startStandalone({ settings: { appendonly: 'yes', appendfsync: 'always' } });
    const absences = (['killed', 'frozen'] as const).map((how) => ({ how, forMs: 4000 }));
    expect(await talkThroughAbsences(topology, absences, () => Promise.resolve(topology.server))).toHaveLength(2);
  }, 180_000);
});
