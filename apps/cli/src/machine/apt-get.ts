import { setTimeout as sleep } from 'node:timers/promises';
import { parseAptPolicy, type AptPackage } from './apt-policy.ts';
import { withServicesDisabled } from './package-services.ts';
import { findElevation } from './elevation.ts';
import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import type { PackageManager } from './package-manager.ts';
import { CommandError, runCommand } from './run-command.ts';

const quickMs = 60_000;
const updateMs = 300_000;
const installMs = 900_000;
/** Another apt or dpkg process (such as unattended upgrades) may keep the lock for minutes. */
const lockTimeoutS = 300;

/** `DPkg::Lock::Timeout` does not cover the lock of the package lists. */
const listsLockRetryMs = 3000;

/** Returns apt-get if it is installed. It runs as root, or through sudo if that needs no password. */
export async function findAptGet(machine: Machine): Promise<PackageManager | undefined> {
  const aptGet = findExecutable('apt-get', machine);
  const aptCache = findExecutable('apt-cache', machine);
  if (aptGet === undefined || aptCache === undefined) return undefined;
  const elevation = await findElevation(machine);

  const elevated = async (
    environment: readonly string[],
    parameters: readonly string[],
    timeoutMs: number,
    progress: string,
  ): Promise<void> => {
    const settings = ['DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', ...environment];
    const options = ['-q', '-o', `DPkg::Lock::Timeout=${lockTimeoutS}`, '-o', 'Acquire::Retries=3'];
    const command = [...(elevation.prefix ?? []), 'env', ...settings, aptGet, ...options, ...parameters];
    await runCommand(machine, command as [string, ...string[]], { timeoutMs, progress });
  };
  const update = (): Promise<void> =>
    whileLocked(() => elevated([], ['update'], updateMs, 'Refreshing the package lists with apt-get'));
  const policy = async (packages: readonly string[]): Promise<readonly AptPackage[]> =>
    parseAptPolicy(await runCommand(machine, [aptCache, 'policy', ...packages], { timeoutMs: quickMs }));
  const findAvailable = async (packages: readonly string[]): Promise<readonly string[]> => {
    const known = (await policy(packages)).filter(({ hasCandidate }) => hasCandidate).map(({ name }) => name);
    return packages.filter((name) => known.includes(name));
  };

  return {
    name: 'apt-get',
    blockedReason: elevation.blockedReason,
    commandLine(packages) {
      const install = `apt-get install --no-install-recommends ${packages.join(' ')}`;
      return elevation.hasSudo ? `sudo apt-get update && sudo ${install}` : `apt-get update && ${install}`;
    },
    async findAvailable(packages) {
      const found = await findAvailable(packages);
      if (found.length > 0 || elevation.prefix === undefined) return found;
      // A fresh machine has no package lists.
      await update();
      return findAvailable(packages);
    },
    async install(packages) {
      const fresh = (await policy(packages)).filter(({ isInstalled }) => !isInstalled).map(({ name }) => name);
      const parameters = ['install', '-y', '--no-install-recommends', ...packages];
      const install = (environment: readonly string[]): Promise<void> =>
        elevated(environment, parameters, installMs, `Installing ${packages.join(', ')} with apt-get`);
      await withServicesDisabled(machine, elevation.prefix ?? [], fresh, async (environment) => {
        try {
          await install(environment);
        } catch (error) {
          if (!(error instanceof CommandError)) throw error;
          // Outdated lists refer to files that the mirror has replaced.
          await update();
          await install(environment);
        }
      });
    },
  };
}

async function whileLocked(update: () => Promise<void>): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    try {
      await update();
      return;
    } catch (error) {
      const isLocked = error instanceof CommandError && error.message.includes('Could not get lock');
      if (!isLocked || Date.now() - startedAt > lockTimeoutS * 1000) throw error;
    }
    await sleep(listsLockRetryMs);
  }
}
