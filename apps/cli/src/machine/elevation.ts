import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { CommandError, runCommand } from './run-command.ts';

/** How a command gets to run as root. */
export interface Elevation {
  /** What to put before it: nothing for root, `sudo -n` where that asks for no password; `undefined`: it can't be done from here. */
  readonly prefix: readonly string[] | undefined;
  /** Why not, in words. */
  readonly blockedBecause?: string;
  readonly hasSudo: boolean;
}

export async function findElevation(machine: Machine): Promise<Elevation> {
  const sudo = findExecutable('sudo', machine);
  const hasSudo = sudo !== undefined;
  if (machine.isRoot) return { prefix: [], hasSudo };
  if (sudo === undefined) {
    return {
      prefix: undefined,
      hasSudo,
      blockedBecause: 'this user is not root, and there is no sudo: become root first',
    };
  }
  try {
    await runCommand(machine, [sudo, '-n', 'true'], { timeoutMs: 10_000 });
    return { prefix: [sudo, '-n'], hasSudo };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { prefix: undefined, hasSudo, blockedBecause: 'this user is not root and sudo asks for a password' };
  }
}
