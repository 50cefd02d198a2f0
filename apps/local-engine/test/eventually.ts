import { setTimeout as delay } from 'node:timers/promises';

const deadlineMs = 10_000;
const pauseMs = 10;

/** Polls until a value is as expected; fails after 10 s. */
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
