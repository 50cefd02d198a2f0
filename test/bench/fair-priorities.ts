import { setTimeout as sleep } from 'node:timers/promises';
import { configureQueues, finalJobs, QueueConsumer, QueueProducer } from '@parley/queues';
import { startRedis } from '../harness/index.ts';
import type { Bench, BenchOptions, Cell } from './bench.ts';

const concurrency = 4;
const finalMs = 50;
const others = 5;
const othersEveryMs = 200;
/** Of a sentence, in estimated tokens. */
const cost = 160;

interface Flood {
  readonly finals: number;
  /** The finals of each other session. */
  readonly othersFinals: number;
  /** Whether sessions get even shares. */
  readonly fair: boolean;
}

/** Returns the waits of finals of other sessions while one session has many outstanding, in ms. */
async function waitsBeside(flood: Flood, signal: AbortSignal): Promise<number[]> {
  await using redis = await startRedis();
  const connection = redis.connect();
  await configureQueues(connection, 1);
  const fail = (error: Error): void => console.error(error.message);
  const producer = new QueueProducer(connection, 1, fail);
  const addedAtMs = new Map<string, number>();
  const waits: number[] = [];
  const consumer = new QueueConsumer(
    'final',
    connection,
    async ({ data }) => {
      const name = `${data.sessionId}/${data.segmentId}`;
      const added = addedAtMs.get(name);
      if (added !== undefined) waits.push(performance.now() - added);
      addedAtMs.delete(name);
      await sleep(finalMs);
      return 'done';
    },
    { shard: 0, concurrency, keepJobs: 0, onError: fail },
  );
  await consumer.start();
  const add = async (sessionId: string, segmentId: number): Promise<void> => {
    const outstanding = [{ segmentId, target: 'es', number: '1', priority: 0 }];
    if (flood.fair) await producer.addFinal({ tenant: 'one', sessionId, cost, isLong: false, outstanding });
    else await producer.add('final', finalJobs(sessionId, outstanding));
  };
  await Promise.all(Array.from({ length: flood.finals }, (_, index) => add('pasting', index)));
  for (let segmentId = 0; segmentId < flood.othersFinals; segmentId++) {
    for (let other = 0; other < others; other++) {
      addedAtMs.set(`quiet${other}/${segmentId}`, performance.now());
      await add(`quiet${other}`, segmentId);
    }
    await producer.oldestWaitingMs(); // As edges do.
    await sleep(othersEveryMs, undefined, { signal });
  }
  // Finals that are still waiting have waited at least this long.
  const stillWaiting = [...addedAtMs.values()].map((added) => performance.now() - added);
  await consumer.close(AbortSignal.abort());
  await producer.close();
  return [...waits, ...stillWaiting].sort((one, other) => one - other);
}

/** Compares the waits of finals beside a session with hundreds, with and without priorities. */
export const fairPrioritiesBench: Bench = {
  name: 'fair-priorities',
  question: 'How long do the finals of five sessions wait beside one that pastes 400?',
  async run({ quick, tell, signal }: BenchOptions) {
    const [finals, othersFinals] = quick ? [40, 3] : [400, 20];
    const rows: Cell[][] = [];
    for (const fair of [true, false]) {
      tell(fair ? 'even shares' : 'first come, first served');
      const waits = await waitsBeside({ finals, othersFinals, fair }, signal);
      const at = (share: number): number => waits[Math.max(0, Math.ceil(share * waits.length) - 1)] ?? 0;
      rows.push([fair ? 'even shares' : 'first come, first served', at(0.5), at(0.95), at(1)]);
    }
    return { columns: ['order of the queue', 'p50 ms', 'p95 ms', 'longest ms'], rows };
  },
};
