import { findPackageManager } from './find-package-manager.ts';
import type { Machine } from './machine.ts';
import { MissingProgramError } from './missing-program-error.ts';
import type { PackageManager } from './package-manager.ts';
import type { MissingProgram, Program } from './program.ts';
import { CommandError } from './run-command.ts';
import { describeMissingPrograms } from './missing-programs-message.ts';

/**
 * Installs the programs that are missing on this machine, one after the other, so that one failure doesn't prevent the
 * others.
 *
 * @throws MissingProgramError that lists all programs that are still missing, with one command line to install them
 */
export async function ensurePrograms(machine: Machine, programs: readonly Program[]): Promise<void> {
  const unusable = await findMissing(machine, programs);
  if (unusable.length === 0) return;
  const manager = await findPackageManager(machine);
  const missing = manager === undefined ? unusable : await withPackages(manager, unusable);
  const isBlocked = manager?.blockedReason !== undefined;
  const unavailable = manager === undefined || isBlocked ? missing : await install(machine, manager, missing);
  if (unavailable.length === 0) return;
  const names = unavailable.map(({ program }) => program);
  throw new MissingProgramError(describeMissingPrograms(unavailable, manager), names, {
    cause: unavailable.find(({ failure }) => failure)?.failure,
  });
}

async function findMissing(machine: Machine, programs: readonly Program[]): Promise<readonly MissingProgram[]> {
  const missing: MissingProgram[] = [];
  for (const program of programs) {
    const problem = await program.findProblem(machine);
    if (problem !== undefined) missing.push({ program, problem, packages: [] });
  }
  return missing;
}

/** Chooses the packages of each program among the available ones. */
async function withPackages(
  manager: PackageManager,
  missing: readonly MissingProgram[],
): Promise<readonly MissingProgram[]> {
  const groupsOf = ({ program, problem }: MissingProgram): readonly (readonly string[])[] =>
    problem.isTooOld === true ? [] : (program.packages[manager.name] ?? []);
  const candidates = missing.flatMap((entry) => groupsOf(entry).flat());
  if (candidates.length === 0) return missing;
  let failure: CommandError | undefined;
  const available = await manager.findAvailable(candidates).catch((error: unknown): readonly string[] => {
    if (!(error instanceof CommandError)) throw error;
    failure = error;
    return [];
  });
  // If no package is known, the lists were probably never fetched, and the first names are the best guess.
  const isKnown = available.length > 0 || (manager.blockedReason === undefined && failure === undefined);
  return missing.map((entry) => {
    const chosen = groupsOf(entry).flatMap(
      (names) => (isKnown ? names.find((name) => available.includes(name)) : names[0]) ?? [],
    );
    const packages = entry.program.isCompleteWith(chosen) ? chosen : [];
    return { ...entry, packages, ...(failure === undefined ? {} : { failure }) };
  });
}

/** Installs the packages and returns the programs that are still missing. */
async function install(
  machine: Machine,
  manager: PackageManager,
  missing: readonly MissingProgram[],
): Promise<readonly MissingProgram[]> {
  const remaining: MissingProgram[] = [];
  for (const entry of missing) {
    const failure = entry.failure ?? (await tryInstall(manager, entry.packages));
    const problem = await entry.program.findProblem(machine);
    if (problem !== undefined) remaining.push({ ...entry, problem, ...(failure === undefined ? {} : { failure }) });
    else if (failure !== undefined)
      machine.say(`${entry.program.name} was installed, but with errors:\n${failure.message}`);
  }
  return remaining;
}

async function tryInstall(manager: PackageManager, packages: readonly string[]): Promise<CommandError | undefined> {
  try {
    if (packages.length > 0) await manager.install(packages);
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}
