import type { BenchTable, Cell } from '../bench.ts';
import { bitRate, bytes, count, digits } from './amounts.ts';
import { maxQueueShards, type Needs, type Processes } from './needs.ts';
import type { Saturation } from './saturation.ts';

const secondsPerMinute = 60;

interface NeedsOfScale {
  readonly name: string;
  readonly needs: Needs;
}

function cores(value: number): string {
  return `${digits(value)} cores`;
}

function processes({ cores: used, count: number, memory }: Processes): string {
  return `${count(number)} (${cores(used)}${memory > 0 ? `, ${bytes(memory)}` : ''})`;
}

const rowsOfNeeds: readonly (readonly [name: string, cell: (needs: Needs) => Cell])[] = [
  ['translations to speakers, a second', ({ results }) => digits(results)],
  ['translations to listeners, a second', ({ listenerFrames }) => digits(listenerFrames)],
  ['engine calls, a minute', ({ engineCalls }) => digits(engineCalls * secondsPerMinute)],
  ['engine tokens, a minute', ({ engineTokens }) => digits(engineTokens * secondsPerMinute)],
  ['edges', ({ edges }) => processes(edges)],
  ['sockets an edge; what decides', ({ edges }) => `${digits(Math.ceil(edges.socketsEach))}; ${edges.boundBy}`],
  ['workers with one thread', ({ workers }) => processes(workers)],
  ['Redis masters', ({ redis }) => processes(redis)],
  ["the cache's Redis", ({ cache }) => processes(cache)],
  [
    'least `QUEUE_SHARDS`',
    ({ queueShards }) => `${digits(queueShards)}${queueShards > maxQueueShards ? ` (at most ${maxQueueShards})` : ''}`,
  ],
  ['blocking connections to a master with shards', ({ blockingConnections }) => digits(blockingConnections)],
  ["of one master: the listeners' leases of one tenant", ({ listenerCores }) => cores(listenerCores)],
  ['of one master: the rate limit', ({ rateLimitCores }) => cores(rateLimitCores)],
  ['of one master: the slot of one session', ({ sessionCores }) => cores(sessionCores)],
  ['to clients', ({ clientBytes }) => bitRate(clientBytes)],
  ['to and from Redis', ({ redisBytes }) => bitRate(redisBytes)],
];

/** A column for each scale. */
export function needTable(scales: readonly NeedsOfScale[]): BenchTable {
  return {
    columns: ['reckoned', ...scales.map(({ name }) => name)],
    rows: rowsOfNeeds.map(([name, cell]) => [name, ...scales.map(({ needs }) => cell(needs))]),
  };
}

export function saturationTable(saturations: readonly Saturation[]): BenchTable {
  return {
    columns: ['reckoned', 'what is used up', 'at this many sessions', 'what helps'],
    rows: saturations.map(({ part, of, sessions, remedy }) => [part, of, digits(sessions), remedy]),
  };
}
