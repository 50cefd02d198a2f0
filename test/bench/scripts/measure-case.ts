import type { Redis } from 'ioredis';
import type { ScriptCase } from './script-case.ts';

/** The times of a script inside of Redis, and the size of the keys that it works on. */
export interface MeasuredCase {
  /** CPU of Redis's main thread, so that other load on the machine does not count. */
  readonly cpuMs: readonly number[];
  readonly bytes: number;
}

/** Runs a script in its worst case. Of several scripts in one run, each counts the average. */
export async function measureCase(scriptCase: ScriptCase, redis: Redis, rounds: number): Promise<MeasuredCase> {
  await redis.flushall();
  const prepared = await scriptCase.prepare(redis);
  let bytes = 0;
  const cpuMs: number[] = [];
  // In the first round, Redis compiles the script.
  for (let round = 0; round <= rounds; round++) {
    await prepared.before?.(round);
    if (round === 0) bytes = await sizeOf(redis, prepared.keys);
    await redis.config('RESETSTAT');
    const asking = await used(redis);
    const before = await used(redis);
    await prepared.run(round);
    const after = await used(redis);
    const overheadMs = before.cpuMs - asking.cpuMs;
    if (round > 0) cpuMs.push(Math.max(0, after.cpuMs - before.cpuMs - overheadMs) / Math.max(1, after.scripts));
  }
  return { cpuMs, bytes };
}

/** The CPU of Redis's main thread until now, and the scripts that it has run since its statistics were reset. */
async function used(redis: Redis): Promise<{ cpuMs: number; scripts: number }> {
  const info = await redis.info('cpu', 'commandstats');
  const sum = (pattern: RegExp): number =>
    [...info.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
  return {
    cpuMs: 1000 * sum(/^used_cpu_(?:user|sys)_main_thread:(\S+)/gm),
    scripts: sum(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm),
  };
}

async function sizeOf(redis: Redis, pattern: string): Promise<number> {
  const names = await redis.keys(pattern);
  const sizes = await Promise.all(names.map((name) => redis.memory('USAGE', name, 'SAMPLES', 0)));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
