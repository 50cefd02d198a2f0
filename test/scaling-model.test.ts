import { describe, expect, it } from '@jest/globals';
import { drivers, fitCosts, resources, usageOf, type Costs } from './bench/scaling/costs.ts';
import { fitNonNegative } from './bench/scaling/fit.ts';
import type { Driver, Drivers, MeasuredPoint, Resource } from './bench/scaling/measured-point.ts';
import { driversOf, edgesOfSession, needsOf, type Workload } from './bench/scaling/needs.ts';
import { saturationsOf } from './bench/scaling/saturation.ts';
import { speechOf, type Speech } from './bench/scaling/speech.ts';
import { sumOfSeries } from './bench/scaling/sum-of-series.ts';
import { measuredShares } from './bench/scaling/workload.ts';

const mib = 1024 * 1024;
const capacity = { utilization: 0.6, edgeMemory: 400 * mib };
const speech: Speech = { partials: 5, finals: 0.2, puts: 4, partialCalls: 3, finalCalls: 0.1, partialsInTime: 2 };
const workload: Workload = {
  sessions: 10,
  targets: 2,
  listeners: 40,
  speech,
  shownShare: 0.5,
  cachedShare: 0,
  tokensPerCall: 100,
  hasRateLimit: true,
};

/** Costs that are 0 but for those given. */
function costs(given: Partial<Record<Resource, Partial<Record<Driver, number>>>>): Costs {
  const nothing = Object.fromEntries(drivers.map((driver) => [driver, 0]));
  return Object.fromEntries(
    resources.map((resource) => [resource, { ...nothing, ...given[resource] }]),
  ) as unknown as Costs;
}

function measured(given: Partial<Drivers>, of: Costs): MeasuredPoint {
  const none = Object.fromEntries(drivers.map((driver) => [driver, 0])) as unknown as Drivers;
  const load = { ...none, process: 1, ...given };
  const engine = { calls: load.partialCalls, tokens: 90 * load.partialCalls };
  return { name: 'a load', loadAverage: 0, redisVersion: '7', drivers: load, usage: usageOf(of, load), engine };
}

describe('the fit of costs', () => {
  it('finds the coefficients of exact values', () => {
    const rows = [
      [1, 0, 0],
      [1, 10, 0],
      [1, 3, 8],
      [1, 20, 50],
    ];
    const values = rows.map(([one = 0, two = 0, three = 0]) => 0.01 * one + 0.002 * two + 0.0003 * three);
    const found = fitNonNegative(rows, values, [1, 1, 1, 1]);
    expect(found.map((value) => Number(value.toPrecision(4)))).toEqual([0.01, 0.002, 0.0003]);
  });

  it('gives no negative cost, and none to what never happened', () => {
    const found = fitNonNegative(
      [
        [1, 1, 0],
        [1, 2, 0],
      ],
      [5, 4],
      [1, 1],
    );
    expect(found[0]).toBeCloseTo(4.5);
    expect(found.slice(1)).toEqual([0, 0]);
  });

  it('follows the rows that count more', () => {
    expect(fitNonNegative([[1], [1]], [1, 2], [1, 0])[0]).toBeCloseTo(1);
    expect(fitNonNegative([[1], [1]], [1, 2], [0, 1])[0]).toBeCloseTo(2);
  });

  it('tells apart what loads differ in', () => {
    const real = costs({
      edgeCpu: { process: 0.01, sessions: 0.0001, listenerFrames: 0.00002, puts: 0.0003 },
      redisMemory: { process: 2 * mib, sessions: 5000 },
    });
    const loads = [{}, { sessions: 500 }, { sessions: 20, puts: 80 }, { sessions: 1, listenerFrames: 2000, puts: 4 }];
    const found = fitCosts(loads.map((load) => measured(load, real)));
    expect(found.edgeCpu.sessions).toBeCloseTo(0.0001, 6);
    expect(found.edgeCpu.puts).toBeCloseTo(0.0003, 6);
    expect(found.edgeCpu.listenerFrames).toBeCloseTo(0.00002, 7);
    expect(found.redisMemory.sessions).toBeCloseTo(5000, 0);
    expect(found.workerCpu).toEqual(costs({}).workerCpu);
  });

  it('needs a point', () => {
    expect(() => fitCosts([])).toThrow('costs need at least one measured point');
  });

  it('takes shares from the loads in which partials were spoken', () => {
    const spoken = measured({ partialCalls: 10, partialResults: 8, finals: 1 }, costs({}));
    const silent = measured({ sessions: 500 }, costs({}));
    expect(measuredShares([silent, spoken])).toEqual({ shownShare: 0.8, tokensPerCall: 90 });
    expect(measuredShares([silent])).toEqual({ shownShare: 1, tokensPerCall: 0 });
  });

  it('adds up series by one label', () => {
    const page =
      'a_total{kind="partial",x="1"} 2\na_total{kind="final"} 5\na_total{kind="partial",x="2"} 3\na_totals{kind="partial"} 7';
    expect(sumOfSeries(page, 'a_total', 'kind="partial"')).toBe(5);
    expect(sumOfSeries(page, 'b_total', 'kind="partial"')).toBe(0);
  });
});

describe('what a workload causes', () => {
  it('is counted a second', () => {
    expect(driversOf(workload)).toMatchObject({
      process: 1,
      sessions: 10,
      listeners: 40,
      partials: 50,
      puts: 40,
      partialCalls: 60,
      partialResults: 20,
      finals: 2,
      finalResults: 4,
      permits: 62,
    });
    // Each listener gets 1 partial and 0.2 finals in its language.
    expect(driversOf(workload).listenerFrames).toBeCloseTo(48);
    expect(driversOf({ ...workload, targets: 20 }).listenerFrames).toBeCloseTo(48);
  });

  it('is nothing without sessions, and has no frames to listeners without listeners', () => {
    expect(driversOf({ ...workload, listeners: 0 }).listenerFrames).toBe(0);
    expect(driversOf({ ...workload, sessions: 0, listeners: 0 })).toMatchObject({ listenerFrames: 0, puts: 0 });
    expect(driversOf({ ...workload, hasRateLimit: false }).permits).toBe(0);
  });

  it('is less with an engine that is slower, and never more than what the recognizer says', () => {
    const [immediate, slow] = [speechOf('PocketSphinx', 'none'), speechOf('PocketSphinx', 'typical')];
    expect(slow.partials).toBe(immediate.partials);
    expect(slow.puts).toBe(immediate.puts);
    expect(immediate.puts).toBeLessThan(immediate.partials);
    expect(immediate.partialCalls).toBeLessThanOrEqual(immediate.puts);
    expect(immediate.partialsInTime).toBe(immediate.puts);
    expect(slow.partialCalls).toBeLessThan(immediate.partialCalls);
    expect(slow.partialsInTime).toBeLessThan(slow.partialCalls);
    expect(slow.finalCalls).toBeLessThanOrEqual(slow.finals);
  });
});

describe('the needs of a workload', () => {
  it('spreads a session over as many edges as its connections may reach', () => {
    expect(edgesOfSession(1, 100)).toBe(1);
    expect(edgesOfSession(1000, 1)).toBeCloseTo(1);
    expect(edgesOfSession(4, 2)).toBeCloseTo(1.75);
    expect(edgesOfSession(10, 1e6)).toBeCloseTo(10);
  });

  it('are one process of each for next to nothing', () => {
    const needs = needsOf({ ...workload, sessions: 1, listeners: 0 }, costs({ edgeCpu: { process: 0.01 } }), capacity);
    expect(needs).toMatchObject({ edges: { count: 1 }, workers: { count: 1 }, redis: { count: 1 }, queueShards: 1 });
    expect(needs.listenerFrames).toBe(0);
    expect(needs.edges.cores).toBeCloseTo(0.01);
  });

  it('are processes that use no more than the utilization, idle or not', () => {
    // 60 calls of 20 ms are 1.2 cores, and each process has 0.5 left.
    const given = costs({ workerCpu: { process: 0.1, partialCalls: 0.02 } });
    const { workers } = needsOf(workload, given, capacity);
    expect(workers.count).toBe(3);
    expect(workers.cores).toBeCloseTo(1.2 + 3 * 0.1);
  });

  it('are further edges where memory is used up first', () => {
    const given = costs({
      edgeCpu: { listenerFrames: 0.0001 },
      edgeMemory: { process: 100 * mib, listeners: 15 * mib },
    });
    // 40 listeners have 600 MiB, an edge 300 for them.
    expect(needsOf(workload, given, capacity).edges).toMatchObject({ count: 2, boundBy: 'memory', socketsEach: 25 });
  });

  it('count what further edges of a session receive, in edges and in Redis', () => {
    const received = costs({
      edgeCpu: { partialResults: 0.05, finalResults: 0.05, received: 0.01 },
      redisCpu: { deliveries: 0.001 },
      redisBytes: { deliveries: 100 },
    });
    const alone = needsOf({ ...workload, listeners: 0 }, received, capacity);
    const heard = needsOf(workload, received, capacity);
    // 24 results a second: 1.2 cores, on 2 edges, where each of ten sessions has one.
    expect(alone.edges).toMatchObject({ count: 2, boundBy: 'CPU' });
    expect(alone.edges.cores).toBeCloseTo(1.2);
    expect(alone.redisBytes).toBeCloseTo(0);
    expect(heard.edges.count).toBeGreaterThan(2);
    const spread = edgesOfSession(heard.edges.count, 5);
    expect(heard.edges.cores).toBeCloseTo(1.2 + 24 * (spread - 1) * 0.01);
    expect(heard.redis.cores).toBeCloseTo(24 * (spread - 1) * 0.001);
    expect(heard.redisBytes).toBeCloseTo(24 * (spread - 1) * 100);
  });

  it('are shards of the queues only where one Redis does not suffice', () => {
    const each = { redisCpu: { finalResults: 0.01 } };
    expect(needsOf(workload, costs(each), capacity)).toMatchObject({ redis: { count: 1 }, queueShards: 1 });
    const many = { ...workload, sessions: 1000 };
    // 600 jobs of at most 10 ms a second are six cores: ten shards of 0.6.
    // They are on seven masters, so one of these has two, and the worker a connection for each of their three queues.
    const shared = { redis: { count: 7 }, queueShards: 10, blockingConnections: 6 };
    expect(needsOf(many, costs(each), capacity)).toMatchObject(shared);
    const ofPuts = costs({ redisCpu: { puts: 0.001 } });
    expect(needsOf(many, ofPuts, capacity)).toMatchObject({ redis: { count: 7 }, queueShards: 4 });
  });

  it('count idle processes at Redis, workers once for each shard', () => {
    const each = { puts: 0.01, moreProcesses: 0.05, moreThreads: 0.04 };
    const given = costs({ redisCpu: each, workerCpu: { partialCalls: 0.1 } });
    // 60 calls are 6 cores, so ten workers, of which nine are further ones, and each waits for three more shards.
    const needs = needsOf(workload, given, capacity);
    expect(needs.workers.count).toBe(10);
    expect(needs).toMatchObject({ queueShards: 4, redis: { count: 4 }, blockingConnections: 10 * 3 });
    expect(needs.redis.cores).toBeCloseTo(0.4 + 9 * 0.05 + 10 * 3 * 0.04);
  });

  it('count at one master what can not be distributed', () => {
    const given = costs({ redisCpu: { permits: 0.001, listeners: 0.002, puts: 0.003 } });
    const needs = needsOf(workload, given, capacity);
    expect(needs.rateLimitCores).toBeCloseTo(0.062);
    expect(needs.listenerCores).toBeCloseTo(0.08);
    expect(needs.sessionCores).toBeCloseTo((40 * 0.003 + 40 * 0.002) / 10);
  });

  it('are fewer engine calls with a cache', () => {
    const [without, half] = [0, 0.5].map((cachedShare) => needsOf({ ...workload, cachedShare }, costs({}), capacity));
    expect(without?.engineCalls).toBeCloseTo(62);
    expect(half?.engineCalls).toBeCloseTo(31);
    expect(half?.engineTokens).toBeCloseTo(3100);
  });

  it('can not be met below what idle processes use', () => {
    const given = costs({ edgeCpu: { process: 0.7 } });
    expect(() => needsOf(workload, given, capacity)).toThrow('the utilization must be more than 0.700');
    const large = costs({ edgeMemory: { process: 500 * mib } });
    expect(() => needsOf(workload, large, capacity)).toThrow('an edge without clients has more memory than it may');
  });
});

describe('where parts saturate', () => {
  const given = costs({
    workerCpu: { process: 0.1, partialCalls: 0.02 },
    redisCpu: { permits: 0.001, finalResults: 0.0001 },
    edgeMemory: { process: 100 * mib, sessions: mib },
  });

  it('is in order, at the last number that one process suffices for', () => {
    const found = saturationsOf(workload, given, capacity);
    expect(found.map(({ sessions }) => sessions)).toEqual(found.map(({ sessions }) => sessions).sort((a, b) => a - b));
    const [first] = found;
    // A session takes 0.12 cores of the 0.5 that are left.
    expect(first).toMatchObject({ part: 'one worker thread', sessions: 4 });
    const workersFor = (sessions: number): number => needsOf({ ...workload, sessions }, given, capacity).workers.count;
    expect([workersFor(4), workersFor(5)]).toEqual([1, 2]);
  });

  it('is nowhere for what a workload does not use', () => {
    const found = saturationsOf({ ...workload, hasRateLimit: false }, given, capacity);
    expect(found.find(({ part }) => part.startsWith('the rate limit'))?.sessions).toBe(Number.POSITIVE_INFINITY);
    expect(found.find(({ of }) => of === 'its memory')?.sessions).toBe(300);
  });

  it('needs sessions', () => {
    expect(() => saturationsOf({ ...workload, sessions: 0 }, given, capacity)).toThrow(RangeError);
  });
});
