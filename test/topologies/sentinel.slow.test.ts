import { expect, it } from '@jest/globals';
import { longEngineTimeouts } from '../harness/checked-speaker.ts';
import { startStack } from '../harness/index.ts';
import { startSentinel } from '../harness/topologies/index.ts';
import { talkThroughFailover } from './talk-through-failover.ts';

it('I24: no final is missing after a failover that loses the last writes, which no replica had to confirm', async () => {
  await using topology = await startSentinel();
  await using stack = await startStack({ topology, edges: 2, workers: 2, env: longEngineTimeouts });
  expect(await talkThroughFailover({ topology, stack, losesResults: true })).toBeGreaterThan(0);
}, 180_000);
