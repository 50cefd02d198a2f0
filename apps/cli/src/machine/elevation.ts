import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { CommandError, runCommand } from './run-command.ts';

/** What to put before a command that needs root: nothing for root, `sudo -n` where it asks for no password, or `undefined`. */
export async function findElevation(machine: Machine): Promise<readonly string[] | undefined> {
  if (machine.isRoot) return [];
  const sudo = findExecutable('sudo', machine);
  if (sudo === undefined) return undefined;
  try {
    await runCommand(machine, [sudo, '-n', 'true'], { timeoutMs: 10_000 });
    return [sudo, '-n'];
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
