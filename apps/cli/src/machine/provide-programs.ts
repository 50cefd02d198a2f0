import { findPackageManager } from './find-package-manager.ts';
import type { Machine } from './machine.ts';
import { MissingProgramError } from './missing-program-error.ts';
import type { PackageManager } from './package-manager.ts';
import type { MissingProgram, Program } from './program.ts';
import { CommandError } from './run-command.ts';
import { whatToDo } from './what-to-do.ts';

/**
 * Makes sure that programs are on this machine. All that is missing is found first. What can be installed is installed, one
 * program after the other, so that one that fails keeps no other away.
 *
 * @throws MissingProgramError that lists whatever is missing in the end, with one command line for all of it
 */
export async function providePrograms(machine: Machine, programs: readonly Program[]): Promise<void> {
  const lacking = await findLacks(machine, programs);
  if (lacking.length === 0) return;
  const manager = await findPackageManager(machine);
  const missing = manager === undefined ? lacking : await withPackages(manager, lacking);
  const isBlocked = manager?.blockedBecause !== undefined;
  const tried = manager === undefined || isBlocked ? missing : await install(machine, manager, missing);
  if (tried.length === 0) return;
  const names = tried.map(({ program }) => program);
  throw new MissingProgramError(whatToDo(tried, manager), names, {
    cause: tried.find(({ failure }) => failure)?.failure,
  });
}

async function findLacks(machine: Machine, programs: readonly Program[]): Promise<readonly MissingProgram[]> {
  const missing: MissingProgram[] = [];
  for (const program of programs) {
    const lack = await program.findLack(machine);
    if (lack !== undefined) missing.push({ program, lack, packages: [] });
  }
  return missing;
}

/** Chooses each program's packages out of those that are offered. */
async function withPackages(
  manager: PackageManager,
  missing: readonly MissingProgram[],
): Promise<readonly MissingProgram[]> {
  const groupsOf = ({ program, lack }: MissingProgram): readonly (readonly string[])[] =>
    lack.isTooOld === true ? [] : (program.packages[manager.name] ?? []);
  const asked = missing.flatMap((one) => groupsOf(one).flat());
  if (asked.length === 0) return missing;
  let failure: CommandError | undefined;
  const offered = await manager.offered(asked).catch((error: unknown): readonly string[] => {
    if (!(error instanceof CommandError)) throw error;
    failure = error;
    return [];
  });
  // Where nothing at all is known, the lists have most likely never been fetched, and the usual names are the best guess.
  const isKnown = offered.length > 0 || (manager.blockedBecause === undefined && failure === undefined);
  return missing.map((one) => {
    const chosen = groupsOf(one).flatMap(
      (names) => (isKnown ? names.find((name) => offered.includes(name)) : names[0]) ?? [],
    );
    const packages = one.program.isMadeOf(chosen) ? chosen : [];
    return { ...one, packages, ...(failure === undefined ? {} : { failure }) };
  });
}

/** Installs what can be installed. @returns what is missing all the same */
async function install(
  machine: Machine,
  manager: PackageManager,
  missing: readonly MissingProgram[],
): Promise<readonly MissingProgram[]> {
  const still: MissingProgram[] = [];
  for (const one of missing) {
    const failure = one.failure ?? (await tryInstall(manager, one.packages));
    const lack = await one.program.findLack(machine);
    if (lack !== undefined) still.push({ ...one, lack, ...(failure === undefined ? {} : { failure }) });
    else if (failure !== undefined)
      machine.say(`${one.program.name} is there, although not all went well:\n${failure.message}`);
  }
  return still;
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
