import { setTimeout as sleep } from 'node:timers/promises';

/** Between two rounds of one attacker: a refused one costs as much CPU as the edge that refuses it otherwise. */
const pauseMs = 10;

/** Runs a number of attackers beside each other, each of which repeats its round until the signal. */
export async function repeat(
  attackers: number,
  signal: AbortSignal,
  round: (index: number) => Promise<void>,
): Promise<void> {
  const attacker = async (index: number): Promise<void> => {
    while (!signal.aborted) {
      await round(index);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: attackers }, (_, index) => attacker(index)));
}
