import { usageOf, type Costs } from './costs.ts';
import { driversOf, maxQueueShards, type Capacity, type Workload } from './needs.ts';

/** Where one part is full, in sessions of a workload. */
export interface Saturation {
  readonly part: string;
  /** What is used up. */
  readonly of: string;
  /** `Infinity` if the workload does not use it. */
  readonly sessions: number;
  readonly remedy: string;
}

/**
 * Reckons how many sessions like those of the workload each part can have at most; parts that come first, first.
 *
 * @throws RangeError without sessions
 */
export function saturationsOf(workload: Workload, costs: Costs, { utilization, edgeMemory }: Capacity): Saturation[] {
  if (workload.sessions < 1) throw new RangeError('the workload must have at least one session');
  const all = driversOf(workload);
  const load = { ...all, process: 0 };
  const each = usageOf(costs, load);
  const room = (cores: number, free = utilization): number =>
    cores === 0 ? Number.POSITIVE_INFINITY : Math.floor((free * workload.sessions) / cores);
  const queues = (load.finals + load.finalResults) * costs.redisCpu.finalResults;
  const permits = load.permits * costs.redisCpu.permits;
  const found: Saturation[] = [
    {
      part: 'one worker thread',
      of: 'its event loop',
      sessions: room(each.workerCpu, utilization - costs.workerCpu.process),
      remedy: 'more workers',
    },
    {
      part: 'one edge',
      of: 'its event loop',
      sessions: room(each.edgeCpu, utilization - costs.edgeCpu.process),
      remedy: 'more edges',
    },
    {
      part: 'one edge',
      of: 'its memory',
      sessions: room(each.edgeMemory, edgeMemory - costs.edgeMemory.process),
      remedy: 'more edges',
    },
    {
      part: 'one Redis',
      of: 'its main thread',
      sessions: room(each.redisCpu, utilization - costs.redisCpu.process),
      remedy: '`REDIS_CLUSTER`, `QUEUE_SHARDS`',
    },
    {
      part: "the cache's Redis",
      of: 'its main thread',
      sessions: room(each.cacheCpu, utilization - costs.cacheCpu.process),
      remedy: '`CACHE=off SINGLEFLIGHT=off`',
    },
    {
      part: "the leases of one tenant's listeners",
      of: 'the main thread of the master that has them',
      sessions: room(load.listeners * costs.redisCpu.listeners),
      remedy: 'several tenants',
    },
    {
      part: 'the rate limit of one endpoint and key',
      of: 'the main thread of the master that has it',
      sessions: room(permits),
      remedy: 'more endpoints, or installations',
    },
    {
      part: `the queues, at most ${maxQueueShards} shards`,
      of: 'the main thread of the masters that have them',
      sessions: room(queues, maxQueueShards * utilization),
      remedy: 'several installations',
    },
  ];
  return found.sort((one, other) => one.sessions - other.sessions);
}
