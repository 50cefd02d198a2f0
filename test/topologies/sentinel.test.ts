import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { longEngineTimeouts } from '../harness/checked-speaker.ts';
import { startStack, type TestStack } from '../harness/index.ts';
import { startSentinel, type SentinelTopology } from '../harness/topologies/index.ts';
import { expectSessionsSurviveKills } from './session-with-kills.ts';
import { talkThroughFailover } from './talk-through-failover.ts';

const opened = new AsyncDisposableStack();
let topology: SentinelTopology;
let stack: TestStack;
beforeAll(async () => {
  topology = opened.use(await startSentinel());
  const env = { ...longEngineTimeouts, ACCEPT_WAIT_REPLICAS: '1' };
  stack = opened.use(await startStack({ topology, edges: 2, workers: 2, env }));
}, 120_000);
afterAll(() => opened.disposeAsync());

describe('Redis with sentinels', () => {
  it('I3, I6, I23: sessions survive the loss of an edge and a worker', async () => {
    await expectSessionsSurviveKills(stack);
  }, 120_000);

  it('I6, I24: after a failover nothing is missing, and no final that a replica has confirmed has to be sent again', async () => {
    expect(await talkThroughFailover({ topology, stack, losesResults: false })).toBe(0);
  }, 180_000);
});
