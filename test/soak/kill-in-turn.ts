import { pause } from '../chaos/pause.ts';
import type { TestStack } from '../harness/index.ts';

const awayMs = 1000;
const kinds = ['edges', 'workers'] as const;
/** The first edge and worker live as long as the run, so that their memory can be judged. */
const victim = 1;

/** Kills and restarts the second edge and the second worker in turn. Both are running again when it resolves. */
export async function killInTurn(
  stack: TestStack,
  intervalMs: number,
  signal: AbortSignal,
  onKill: () => void,
): Promise<void> {
  for (let turn = 0; await pause(intervalMs, signal); turn++) {
    const kind = kinds[turn % kinds.length] ?? 'edges';
    await stack.kill(kind, victim);
    onKill();
    await pause(awayMs, signal);
    await stack.restart(kind, victim);
  }
}
