import { setTimeout as delay } from 'node:timers/promises';
import { startStack } from '../harness/index.ts';
import { infoField, type RedisProcess, type Topology } from '../harness/topologies/index.ts';
import { until } from '../harness/until.ts';
import { expectComplete, startTalker } from '../topologies/session-with-kills.ts';

export type Absence = 'killed' | 'frozen';

/** Takes all servers away for a time, and brings them back. */
async function takeAway(servers: readonly RedisProcess[], how: Absence, forMs: number): Promise<void> {
  for (const server of servers) {
    if (how === 'frozen') server.freeze();
    else await server.kill();
  }
  await delay(forMs);
  for (const server of servers) {
    if (how === 'frozen') server.thaw();
    else await server.start();
  }
}

/** The number of clients of a server that block for a job. */
async function blockedClients(server: RedisProcess): Promise<number> {
  return Number((await infoField(server.connect(), 'clients', 'blocked_clients')) ?? '0');
}

/**
 * Redis is away for a time, while a speaker is silent. Resolves with the time in milliseconds from its return until every
 * queue is consumed again. The return is the time at which the server that is the master in the end accepts writes.
 */
async function measureReturn(topology: Topology, { how, forMs, master }: Leave): Promise<number> {
  const consumers = await blockedClients(await master());
  await takeAway(topology.servers, how, forMs);
  let returned: { readonly server: RedisProcess; readonly atMs: number } | undefined;
  await until(
    'every queue is consumed',
    async () => {
      const server = await master();
      if (returned?.server !== server) returned = undefined;
      if ((await infoField(server.connect(), 'replication', 'role')) !== 'master') return false;
      returned ??= { server, atMs: performance.now() };
      return (await blockedClients(server)) >= consumers;
    },
    120_000,
  );
  return performance.now() - (returned?.atMs ?? 0);
}

interface Leave {
  readonly how: Absence;
  readonly forMs: number;
  /** The server that accepts writes. */
  readonly master: () => Promise<RedisProcess>;
}

/** A session goes on after each absence, and nothing is missing in the end. Resolves with the times of `measureReturn`. */
export async function talkThroughAbsences(
  topology: Topology,
  absences: readonly Pick<Leave, 'how' | 'forMs'>[],
  master: Leave['master'],
): Promise<number[]> {
  await using stack = await startStack({ topology, workers: 1, env: { SESSION_GRACE_MS: '300000' } });
  await using speaker = await startTalker(stack);
  const wait = { timeoutMs: 60_000 };
  const times: number[] = [];
  let sentences = 0;
  for (const absence of absences) {
    await speaker.session.sendFinal({ segmentId: sentences, text: `sentence ${sentences++}` }, wait);
    const returnedMs = await measureReturn(topology, { ...absence, master });
    const { how, forMs } = absence;
    process.stderr.write(
      `${how} for ${forMs / 1000} s: all queues are consumed ${Math.round(returnedMs)} ms after the return\n`,
    );
    times.push(returnedMs);
    await speaker.session.sendFinal({ segmentId: sentences, text: `sentence ${sentences++}` }, wait);
  }
  await expectComplete(speaker, sentences);
  return times;
}
