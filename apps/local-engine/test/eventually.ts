import { setTimeout as delay } from 'node:timers/promises';

const deadlineMs = 10_000;
const pauseMs = 10;

/** Looks again and again until a value is as wanted, for what no event tells; fails after 10 s. */
export async function eventually<Value>(
  look: () => Value | Promise<Value>,
  isWanted: (value: Value) => boolean,
): Promise<Value> {
  const startMs = performance.now();
  for (;;) {
    const value = await look();
    if (isWanted(value)) return value;
    if (performance.now() - startMs > deadlineMs) throw new Error(`still ${JSON.stringify(value)} after 10 s`);
    await delay(pauseMs);
  }
}
