/** The system's package manager. Its methods throw CommandError. */
export interface PackageManager {
  readonly name: string;
  /** Why it can't install packages; `undefined` if it can. */
  readonly blockedReason: string | undefined;
  /** Returns the command line with which a user installs the packages. */
  commandLine(packages: readonly string[]): string;
  /** Returns the packages that are available, in the given order. */
  findAvailable(packages: readonly string[]): Promise<readonly string[]>;
  /** Installs packages without prompts, and without starting or enabling their services. */
  install(packages: readonly string[]): Promise<void>;
}
