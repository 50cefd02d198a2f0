import { expect, it } from '@jest/globals';
import { fitCosts } from './bench/scaling/costs.ts';
import { measurePoint } from './bench/scaling/measure-point.ts';
import { quickTimes } from './bench/scaling/measure-times.ts';
import { quickPoint } from './bench/scaling/points.ts';

it('counts what a load causes and uses', async () => {
  const limited = { ...quickPoint, hasRateLimit: true };
  const { drivers, usage, engine } = await measurePoint(limited, quickTimes, AbortSignal.timeout(60_000));
  expect(drivers).toMatchObject({ process: 1, moreProcesses: 0, sessions: 2, listeners: 8 });
  expect(drivers.puts).toBeGreaterThan(0);
  expect(drivers.partials).toBeGreaterThanOrEqual(drivers.puts);
  // Each put is translated into two targets, and each result goes to the subscriber as well.
  expect(drivers.partialCalls).toBeGreaterThan(drivers.puts);
  expect(drivers.partialResults).toBeGreaterThan(0);
  expect(drivers.listenerFrames).toBeGreaterThan(drivers.partialResults);
  expect(drivers.deliveries).toBeGreaterThan(drivers.partialResults);
  expect(drivers.permits).toBe(engine.calls);
  expect(engine.tokens).toBeGreaterThan(50 * engine.calls);
  expect([usage.edgeCpu, usage.workerCpu].map((cores) => cores > 0)).toEqual([true, true]);
  expect([usage.edgeMemory, usage.workerMemory].map((bytes) => bytes > 50 * 1024 ** 2)).toEqual([true, true]);
  expect(Math.min(usage.redisMemory, usage.redisBytes, usage.clientBytes)).toBeGreaterThan(0);
  expect(
    fitCosts([{ name: 'it', loadAverage: 0, redisVersion: '7', drivers, usage, engine }]).edgeCpu.process,
  ).toBeGreaterThan(0);
});
