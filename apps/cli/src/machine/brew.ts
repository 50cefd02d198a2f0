import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import type { PackageManager } from './package-manager.ts';
import { CommandError, runCommand } from './run-command.ts';

const quickMs = 60_000;
const installMs = 900_000;

/** Returns Homebrew if it is installed. It refuses to run as root, and starts no services. */
export function findBrew(machine: Machine): PackageManager | undefined {
  const brew = findExecutable('brew', machine);
  if (brew === undefined) return undefined;
  const knows = async (formula: string): Promise<boolean> => {
    try {
      await runCommand(machine, [brew, 'info', '--formula', formula], { timeoutMs: quickMs });
      return true;
    } catch (error) {
      if (error instanceof CommandError) return false;
      throw error;
    }
  };
  return {
    name: 'brew',
    blockedReason: machine.isRoot ? 'Homebrew does not run as root; run it as the user who installed it' : undefined,
    commandLine: (packages) => `brew install ${packages.join(' ')}`,
    async findAvailable(packages) {
      const found: string[] = [];
      for (const name of packages) if (await knows(name)) found.push(name);
      return found;
    },
    async install(packages) {
      await runCommand(machine, [brew, 'install', '--quiet', '--formula', ...packages], {
        timeoutMs: installMs,
        progress: `Installing ${packages.join(', ')} with brew`,
      });
    },
  };
}
