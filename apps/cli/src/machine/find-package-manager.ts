import { findAptGet } from './apt-get.ts';
import { findBrew } from './brew.ts';
import type { Machine } from './machine.ts';
import type { PackageManager } from './package-manager.ts';

/** Returns the package manager of this machine, apt-get or Homebrew, or `undefined`. */
export async function findPackageManager(machine: Machine): Promise<PackageManager | undefined> {
  return (await findAptGet(machine)) ?? findBrew(machine);
}
