import type { Machine } from './machine.ts';
import type { CommandError } from './run-command.ts';

/** A third-party program that Parley runs, and how to install it. */
export interface Program {
  /** The name in messages, such as `Redis 7 or newer`. */
  readonly name: string;
  /**
   * Its packages, by the name of the package manager. Each package is a list of possible names, of which the first that is
   * available is installed.
   */
  readonly packages: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** What to install manually if no package manager provides it. */
  readonly manualInstall: string;
  /** How to do without it, such as `set REDIS_URL to an existing Redis`; absent if that is impossible. */
  readonly alternative?: string;
  /** Whether these packages suffice. */
  isCompleteWith(packages: readonly string[]): boolean;
  /** Returns why the program can't be used on this machine, or `undefined` if it can. */
  findProblem(machine: Machine): Promise<ProgramProblem | undefined>;
}

export interface ProgramProblem {
  /** Such as `no redis-server is on the PATH`. */
  readonly description: string;
  /** An outdated version is installed, which is not replaced. */
  readonly isTooOld?: true;
}

export interface MissingProgram {
  readonly program: Program;
  readonly problem: ProgramProblem;
  /** The packages to install; empty if the package manager doesn't have them. */
  readonly packages: readonly string[];
  /** The error of a failed installation. */
  readonly failure?: CommandError;
}
