import type { Redis } from 'ioredis';
import type { ScriptCase } from './script-case.ts';

/** The times of a script inside of Redis, and the size of the keys that it works on. */
export interface MeasuredCase {
  readonly timesMs: readonly number[];
  readonly bytes: number;
}

/** Shorter ones are not logged: the commands of a script would be, too, and logging them takes time. */
const loggedFromMs = 0.1;

/** An entry of Redis's slow log: id, time, duration in microseconds, command and arguments. */
type SlowLogEntry = readonly [number, number, number, readonly string[]];

/** Runs a script in its worst case; its times are those that Redis measures, without the network. */
export async function measureCase({ prepare }: ScriptCase, redis: Redis, rounds: number): Promise<MeasuredCase> {
  await redis.flushall();
  await redis.config('SET', 'slowlog-log-slower-than', loggedFromMs * 1000);
  const { keys, before, run } = await prepare(redis);
  let bytes = 0;
  const timesMs: number[] = [];
  // In the first round, Redis compiles the script.
  for (let round = 0; round <= rounds; round++) {
    await before?.(round);
    if (round === 0) bytes = await sizeOf(redis, keys);
    await redis.slowlog('RESET');
    await run(round);
    const entries = (await redis.slowlog('GET', 64)) as SlowLogEntry[];
    const scripts = entries.filter(([, , , [command = '']]) => /^eval(sha)?$/i.test(command));
    const times = scripts.map(([, , microseconds]) => microseconds / 1000);
    if (round > 0) timesMs.push(Math.max(...times, loggedFromMs));
  }
  return { timesMs, bytes };
}

async function sizeOf(redis: Redis, pattern: string): Promise<number> {
  const names = await redis.keys(pattern);
  const sizes = await Promise.all(names.map((name) => redis.memory('USAGE', name, 'SAMPLES', 0)));
  return sizes.reduce<number>((sum, size) => sum + Number(size ?? 0), 0);
}
