import type { Machine } from './machine.ts';
import type { CommandError } from './run-command.ts';

/** Something that Parley runs beside its own processes, and how the system's package manager brings it. */
export interface Program {
  /** As it stands in a sentence, such as `Redis 7 or newer`. */
  readonly name: string;
  /**
   * The packages that make it up, by the name of the package manager; each is a list of the names that it may have, of
   * which the first that is offered is taken.
   */
  readonly packages: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** What to install where no package manager can do it. */
  readonly byHand: string;
  /** How to go without it, such as `set REDIS_URL to one that runs already`; absent: it can't be done. */
  readonly instead?: string;
  /** Whether these packages are enough for it to work. */
  isMadeOf(packages: readonly string[]): boolean;
  /** What is wrong with it on this machine; `undefined`: it is there and can be used. */
  findLack(machine: Machine): Promise<Lack | undefined>;
}

export interface Lack {
  /** What was seen, such as `no redis-server is on the PATH`. */
  readonly seen: string;
  /** An older one is there, which is not replaced. */
  readonly isTooOld?: true;
}

/** A program that is not there. */
export interface MissingProgram {
  readonly program: Program;
  readonly lack: Lack;
  /** The packages that bring it; none: the package manager can't. */
  readonly packages: readonly string[];
  /** Why they could not be installed, as far as it was tried. */
  readonly failure?: CommandError;
}
