import { usageOf, type Costs } from './costs.ts';
import type { Drivers, Usage } from './measured-point.ts';
import type { Speech } from './speech.ts';

/** What sessions of any number have in common. */
export interface Conversation {
  readonly speech: Speech;
  /** The share of the partials in time that change what is shown. */
  readonly shownShare: number;
  /** The share of engine calls that the cache saves. */
  readonly cachedShare: number;
  /** Tokens of one engine call. */
  readonly tokensPerCall: number;
  /** Whether the engine has a limit, for which each call asks Redis. */
  readonly hasRateLimit: boolean;
}

export interface Workload extends Conversation {
  /** Sessions that speak at the same time, and the targets of each. */
  readonly sessions: number;
  readonly targets: number;
  /** Of all sessions together; each hears one target. */
  readonly listeners: number;
}

export interface Capacity {
  /** How much of a core a process may use on average. */
  readonly utilization: number;
  /** How much memory an edge may use, in bytes. */
  readonly edgeMemory: number;
}

export interface Needs {
  /** Per second. */
  readonly results: number;
  readonly listenerFrames: number;
  readonly engineCalls: number;
  readonly engineTokens: number;
  readonly edges: Processes & { readonly boundBy: 'CPU' | 'memory'; readonly socketsEach: number };
  readonly workers: Processes;
  readonly redis: Processes;
  readonly cache: Processes;
  /** 1 on a single Redis; of a cluster, so many that the queues of none are too much for one master, be that more than `QUEUE_SHARDS` can be. */
  readonly queueShards: number;
  /** To a master that has shards: those of worker threads, one for each queue and shard. */
  readonly blockingConnections: number;
  /** Cores of the one master that has the rate limit of the engine, if all calls go to one endpoint with one key. */
  readonly rateLimitCores: number;
  /** Cores of the one master that has the leases of a tenant's listeners, if all are of one tenant. */
  readonly listenerCores: number;
  /** Cores that each session takes of the one master that has its slot. */
  readonly sessionCores: number;
  /** Bytes a second. */
  readonly clientBytes: number;
  readonly redisBytes: number;
}

export interface Processes {
  /** On average, without what is kept free. */
  readonly cores: number;
  readonly count: number;
  /** Bytes, of all of them together. */
  readonly memory: number;
}

/** Queues of each shard from which a worker thread takes jobs. */
const queuesPerShard = 3;
/** The number of shards of a cluster unless `QUEUE_SHARDS` says otherwise, and the most that it can say. */
const usualShards = 4;
export const maxQueueShards = 64;
/** The log and the transcript of a session, as much as an hour leaves in each. */
const keptSeconds = 3600;

/** Returns what happens per second, as one edge and one worker would see it. */
export function driversOf(workload: Workload): Drivers {
  const { sessions, targets, listeners, speech, shownShare, hasRateLimit } = workload;
  const perTarget = sessions * targets;
  const [partialResults, finalResults] = [perTarget * speech.partialsInTime * shownShare, perTarget * speech.finals];
  return {
    process: 1,
    moreProcesses: 0,
    moreThreads: 0,
    sessions,
    listeners,
    partials: sessions * speech.partials,
    puts: sessions * speech.puts,
    partialCalls: perTarget * speech.partialCalls,
    partialResults,
    finals: sessions * speech.finals,
    finalResults,
    listenerFrames: perTarget === 0 ? 0 : (listeners * (partialResults + finalResults)) / perTarget,
    received: 0,
    deliveries: 0,
    permits: hasRateLimit ? perTarget * (speech.partialCalls + speech.finalCalls) : 0,
  };
}

/** Returns on how many of these edges a session has connections on average, if each connection goes to any of them. */
export function edgesOfSession(edges: number, connections: number): number {
  return edges * (1 - (1 - 1 / edges) ** connections);
}

/**
 * Reckons what a workload needs.
 *
 * @throws RangeError if idle processes alone use more CPU or memory than they may
 */
export function needsOf(workload: Workload, costs: Costs, capacity: Capacity): Needs {
  const { sessions, targets, listeners, speech, cachedShare, tokensPerCall } = workload;
  const load = { ...driversOf(workload), process: 0 };
  const results = load.partialResults + load.finalResults;
  const used = usageOf(costs, load);
  const count = (cores: number, idleCores: number): number => processCount(cores, idleCores, capacity);
  const { spread, ...edges } = edgesFor(workload, results, used, costs, capacity);
  const workers = count(used.workerCpu, costs.workerCpu.process);
  const deliveries = results * (spread - 1);
  const redisLoad = used.redisCpu + deliveries * costs.redisCpu.deliveries;
  // A thread of a worker waits for the jobs of each shard, as further threads would.
  const redisCores = (shards: number): number =>
    redisLoad +
    costs.redisCpu.moreProcesses * (edges.count - 1 + workers - 1) +
    costs.redisCpu.moreThreads * workers * (Math.min(shards, maxQueueShards) - 1);
  const isCluster = count(redisCores(1), costs.redisCpu.process) > 1;
  const shardsForQueues = Math.ceil(queueCores(load, costs) / capacity.utilization);
  const queueShards = isCluster ? Math.max(usualShards, shardsForQueues) : 1;
  const masters = count(redisCores(queueShards), costs.redisCpu.process);
  const shardsOfMaster = Math.ceil(Math.min(queueShards, maxQueueShards) / masters);
  const cacheCores = used.cacheCpu + costs.cacheCpu.moreProcesses * (workers - 1);
  const caches = count(cacheCores, costs.cacheCpu.process);
  const permitCores = load.permits * costs.redisCpu.permits;
  const calls = sessions * targets * (speech.partialCalls + speech.finalCalls) * (1 - cachedShare);
  return {
    results,
    listenerFrames: load.listenerFrames,
    engineCalls: calls,
    engineTokens: calls * tokensPerCall,
    edges,
    workers: {
      cores: used.workerCpu + workers * costs.workerCpu.process,
      count: workers,
      memory: used.workerMemory + workers * costs.workerMemory.process,
    },
    redis: {
      cores: redisCores(queueShards) + masters * costs.redisCpu.process,
      count: masters,
      memory: used.redisMemory + used.redisGrowth * keptSeconds + masters * costs.redisMemory.process,
    },
    cache: { cores: cacheCores + caches * costs.cacheCpu.process, count: caches, memory: 0 },
    queueShards,
    blockingConnections: workers * queuesPerShard * shardsOfMaster,
    rateLimitCores: permitCores,
    listenerCores: listeners * costs.redisCpu.listeners,
    sessionCores: sessions === 0 ? 0 : (redisLoad - permitCores) / sessions,
    clientBytes: used.clientBytes,
    redisBytes: used.redisBytes + deliveries * costs.redisBytes.deliveries,
  };
}

function processCount(cores: number, idleCores: number, { utilization }: Capacity): number {
  if (idleCores >= utilization) throw new RangeError(`the utilization must be more than ${idleCores.toFixed(3)}`);
  return Math.max(1, Math.ceil(cores / (utilization - idleCores)));
}

/** Also returns on how many of these edges a session is; each of them receives its messages. */
function edgesFor(
  { sessions, listeners }: Workload,
  results: number,
  used: Usage,
  costs: Costs,
  capacity: Capacity,
): Needs['edges'] & { readonly spread: number } {
  const memoryForClients = capacity.edgeMemory - costs.edgeMemory.process;
  if (memoryForClients <= 0) throw new RangeError('an edge without clients has more memory than it may');
  const forMemory = Math.max(1, Math.ceil(used.edgeMemory / memoryForClients));
  const connections = sessions === 0 ? 1 : 1 + listeners / sessions;
  const withEdges = (count: number) => {
    const spread = edgesOfSession(count, connections);
    const cores = used.edgeCpu + results * (spread - 1) * costs.edgeCpu.received;
    return { count, spread, cores, forCpu: processCount(cores, costs.edgeCpu.process, capacity) };
  };
  let sized = withEdges(forMemory);
  // More edges receive more messages. It ends, since no session is on more edges than it has connections.
  while (sized.forCpu > sized.count) sized = withEdges(sized.forCpu);
  const { count, spread, cores, forCpu } = sized;
  return {
    count,
    spread,
    cores: cores + count * costs.edgeCpu.process,
    memory: used.edgeMemory + count * costs.edgeMemory.process,
    boundBy: forCpu === count ? 'CPU' : 'memory',
    socketsEach: (sessions + listeners) / count,
  };
}

/** At most this much of the work of Redis is that of the queues: a job for each result of a final, and one for each segment. */
function queueCores({ finals, finalResults }: Drivers, costs: Costs): number {
  return (finals + finalResults) * costs.redisCpu.finalResults;
}
