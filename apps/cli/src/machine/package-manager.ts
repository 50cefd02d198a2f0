import { findAptGet } from './apt-get.ts';
import { findBrew } from './brew.ts';
import type { Machine } from './machine.ts';

/** The system's package manager. Its methods throw CommandError. */
export interface PackageManager {
  readonly name: string;
  /** Why it can't install anything by itself; `undefined` where it can. */
  readonly blockedBecause: string | undefined;
  /** What a person would type to install packages. */
  commandLine(packages: readonly string[]): string;
  /** Those of the packages that can be had, in the order given. */
  offered(packages: readonly string[]): Promise<readonly string[]>;
  /** Installs packages without asking, and without starting or enabling a service that comes with them. */
  install(packages: readonly string[]): Promise<void>;
}

/** The package manager of this machine: apt-get or Homebrew; `undefined` where there is neither. */
export async function findPackageManager(machine: Machine): Promise<PackageManager | undefined> {
  return (await findAptGet(machine)) ?? findBrew(machine);
}
