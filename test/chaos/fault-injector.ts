import { setTimeout as delay } from 'node:timers/promises';
import type { LiveListener, LiveSpeaker, TestStack } from '../harness/index.ts';
import { pause } from './pause.ts';

export interface FaultTargets {
  readonly stack: TestStack;
  readonly speakers: readonly LiveSpeaker[];
  /** Those of the moment. */
  readonly audience: { readonly present: readonly LiveListener[] };
}

type Trouble = (targets: FaultTargets, random: () => number) => Promise<void>;
/** A fault with its relative frequency. */
type Fault = readonly [name: string, weight: number, trouble: Trouble];

export interface FaultPlan {
  readonly faults: readonly Fault[];
  /** The least and the longest time before a fault. */
  readonly intervalMs: readonly [number, number];
}

const oneOf = <Item>(items: readonly Item[], random: () => number): Item | undefined =>
  items[Math.floor(random() * items.length)];

/** Faults of the network between clients and edges. */
export const clientFaults: readonly Fault[] = [
  ['a speaker loses its socket', 6, ({ speakers }, random) => run(() => oneOf(speakers, random)?.socket.cut())],
  [
    'a listener loses its socket',
    20,
    ({ audience }, random) => run(() => oneOf(audience.present, random)?.socket.cut()),
  ],
  ['a listener stalls', 3, stallListener],
];

const allFaults: readonly Fault[] = [
  ...clientFaults,
  ['a worker is killed', 3, (targets, random) => killProcess('workers', targets, random)],
  ['an edge is killed', 2, (targets, random) => killProcess('edges', targets, random)],
  ['an edge is told to stop', 8, stopEdge],
  ['the channels lose their connections', 8, disconnectPubSub],
  ['every connection to Redis is cut', 1, disconnectClients],
  ['Redis is killed', 1, restartRedis],
];

/**
 * Injects one fault after the other until the signal, logging each. Killed processes are running again when it resolves.
 *
 * @param plan default: all faults, several a second
 */
export async function injectFaults(
  targets: FaultTargets,
  random: () => number,
  signal: AbortSignal,
  tell: (line: string) => void,
  { faults, intervalMs: [shortestMs, longestMs] }: FaultPlan = { faults: allFaults, intervalMs: [20, 320] },
): Promise<void> {
  const total = faults.reduce((sum, [, weight]) => sum + weight, 0);
  while (await pause(shortestMs + random() * (longestMs - shortestMs), signal)) {
    let left = random() * total;
    const [name, , trouble] = faults.find(([, weight]) => (left -= weight) < 0) ?? faults[0] ?? [];
    if (trouble === undefined) return;
    tell(String(name));
    await trouble(targets, random);
  }
}

function run(step: () => void): Promise<void> {
  step();
  return Promise.resolve();
}

async function stallListener({ audience }: FaultTargets, random: () => number): Promise<void> {
  const listener = oneOf(audience.present, random);
  listener?.socket.stall();
  await delay(500 + random() * 1500);
  listener?.socket.unstall();
}

async function killProcess(kind: 'edges' | 'workers', { stack }: FaultTargets, random: () => number): Promise<void> {
  const index = Math.floor(random() * stack[kind].length);
  await stack.kill(kind, index);
  await delay(random() * 1000);
  await stack.restart(kind, index);
}

async function stopEdge({ stack }: FaultTargets, random: () => number): Promise<void> {
  const index = Math.floor(random() * stack.edges.length);
  await stack.edges[index]?.child.stop();
  await stack.restart('edges', index);
}

async function disconnectPubSub({ stack }: FaultTargets): Promise<void> {
  await stack.redis.connect().call('CLIENT', 'KILL', 'TYPE', 'pubsub');
}

async function disconnectClients({ stack }: FaultTargets): Promise<void> {
  const redis = stack.redis.connect();
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
}

async function restartRedis({ stack }: FaultTargets, random: () => number): Promise<void> {
  await stack.redis.kill();
  await delay(random() * 1000);
  await stack.redis.start();
}
