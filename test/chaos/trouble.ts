import { setTimeout as delay } from 'node:timers/promises';
import type { LiveListener, LiveSpeaker, TestStack } from '../harness/index.ts';

export interface Victims {
  readonly stack: TestStack;
  readonly speakers: readonly LiveSpeaker[];
  readonly listeners: readonly LiveListener[];
}

type Trouble = (victims: Victims, random: () => number) => Promise<void>;

const oneOf = <Item>(items: readonly Item[], random: () => number): Item | undefined =>
  items[Math.floor(random() * items.length)];

/** What goes wrong, each with how often it does against the others. */
const troubles: readonly (readonly [name: string, weight: number, trouble: Trouble])[] = [
  ['a speaker loses its socket', 6, ({ speakers }, random) => run(() => oneOf(speakers, random)?.socket.cut())],
  ['a listener loses its socket', 20, ({ listeners }, random) => run(() => oneOf(listeners, random)?.socket.cut())],
  ['a listener stalls', 3, stallListener],
  ['a worker is killed', 3, (victims, random) => loseProcess('workers', victims, random)],
  ['an edge is killed', 2, (victims, random) => loseProcess('edges', victims, random)],
  ['an edge is told to stop', 8, stopEdge],
  ['the channels lose their connections', 8, losePubSub],
  ['every connection to Redis is cut', 1, loseConnections],
  ['Redis is killed', 1, loseRedis],
];

/** One trouble after the other until the signal; what was killed is back when it resolves. Tells each as it begins. */
export async function makeTrouble(
  victims: Victims,
  random: () => number,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  const total = troubles.reduce((sum, [, weight]) => sum + weight, 0);
  while (!signal.aborted) {
    const isOver = await delay(20 + random() * 300, false, { signal }).catch(() => true);
    if (isOver) return;
    let left = random() * total;
    const [name, , trouble] = troubles.find(([, weight]) => (left -= weight) < 0) ?? troubles[0] ?? [];
    if (trouble === undefined) return;
    tell(String(name));
    await trouble(victims, random);
  }
}

function run(step: () => void): Promise<void> {
  step();
  return Promise.resolve();
}

async function stallListener({ listeners }: Victims, random: () => number): Promise<void> {
  const listener = oneOf(listeners, random);
  listener?.socket.stall();
  await delay(500 + random() * 1500);
  listener?.socket.unstall();
}

async function loseProcess(kind: 'edges' | 'workers', { stack }: Victims, random: () => number): Promise<void> {
  const index = Math.floor(random() * stack[kind].length);
  await stack.kill(kind, index);
  await delay(random() * 1000);
  await stack.restart(kind, index);
}

async function stopEdge({ stack }: Victims, random: () => number): Promise<void> {
  const index = Math.floor(random() * stack.edges.length);
  await stack.edges[index]?.child.stop();
  await stack.restart('edges', index);
}

async function losePubSub({ stack }: Victims): Promise<void> {
  await stack.redis.connect().call('CLIENT', 'KILL', 'TYPE', 'pubsub');
}

async function loseConnections({ stack }: Victims): Promise<void> {
  const redis = stack.redis.connect();
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
}

async function loseRedis({ stack }: Victims, random: () => number): Promise<void> {
  await stack.redis.kill();
  await delay(random() * 1000);
  await stack.redis.start();
}
