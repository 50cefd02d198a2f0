import { pause } from '../chaos/pause.ts';
import { randomOptions } from '../chaos/random-session.ts';
import type { TestStack } from '../harness/index.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import type { Problems } from './problems.ts';
import { runSession } from './run-session.ts';
import type { SoakCounts } from './soak-counts.ts';

interface Slot {
  readonly stack: TestStack;
  readonly slot: number;
  readonly seed: number;
  readonly minutes: number;
  readonly counts: SoakCounts;
  readonly problems: Problems;
  readonly signal: AbortSignal;
}

/** Runs one session after the other. Those of a slot have the same options, so that the number of rooms does not grow. */
export async function fillSlot({ slot, seed, minutes, problems, signal, ...rest }: Slot): Promise<void> {
  const random = seededRandom(seed + slot);
  const options = randomOptions(random, slot);
  // In a short run sessions are short as well.
  const minuteMs = Math.min(1, minutes / 6) * 60_000;
  for (let number = 0; await pause(random() * 5000, signal); number++) {
    const name = `speaker ${slot} of session ${number}`;
    // The first ones are of any age, so that sessions don't all end at the same time.
    const lengthMs = (number === 0 ? 2 * random() : 0.5 + 1.5 * random()) * minuteMs;
    await problems.watch(name, async () => {
      const session = { ...rest, edge: slot % 2, name, options, lengthMs, random, signal };
      const violations = await runSession(session);
      for (const violation of violations) problems.add(`${name}: ${violation}`);
    });
  }
}
