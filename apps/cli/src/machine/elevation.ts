import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { CommandError, runCommand } from './run-command.ts';

/** How to run a command as root. */
export interface Elevation {
  /** The command prefix: empty for root, or `sudo -n` if that needs no password. `undefined` if neither works. */
  readonly prefix: readonly string[] | undefined;
  /** Why there is no prefix, for error messages. */
  readonly blockedReason?: string;
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
      blockedReason: 'this user is not root, and sudo is not installed; become root first',
    };
  }
  try {
    await runCommand(machine, [sudo, '-n', 'true'], { timeoutMs: 10_000 });
    return { prefix: [sudo, '-n'], hasSudo };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { prefix: undefined, hasSudo, blockedReason: 'this user is not root and sudo asks for a password' };
  }
}
