import { describe, it } from '@jest/globals';
import { startStack } from '../harness/index.ts';
import {
  otherServers,
  startOnSocket,
  startStandalone,
  startWithTls,
  type Topology,
} from '../harness/topologies/index.ts';
import { expectSessionsSurviveKills } from './session-with-kills.ts';

const others = otherServers(process.env);

async function expectSessionsSurvive(start: () => Promise<Topology>): Promise<void> {
  await using topology = await start();
  await using stack = await startStack({ topology, edges: 2, workers: 2 });
  await expectSessionsSurviveKills(stack);
}

describe('sessions survive the loss of an edge and a worker', () => {
  it('I3, I23: with Redis on a Unix socket', async () => {
    await expectSessionsSurvive(startOnSocket);
  });

  it('I3, I23: with TLS and an ACL user', async () => {
    await expectSessionsSurvive(startWithTls);
  });

  if (others.length === 0) {
    it.skip('I3, I23: with Valkey and other versions: neither valkey-server nor TEST_REDIS_SERVERS was found', () =>
      undefined);
  } else {
    it.each(others)('I3, I23: with %s', async (program) => {
      await expectSessionsSurvive(() => startStandalone({ program }));
    });
  }
});
