import { readdirSync } from 'node:fs';
import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { MissingProgramError } from './missing-program-error.ts';
import { findPackageManager } from './package-manager.ts';

/** The language pairs that make a good first set; where a package was renamed, the first name that exists is taken. */
const pairs: readonly (readonly string[])[] = [
  ['apertium-eng-spa', 'apertium-en-es'],
  ['apertium-eng-cat', 'apertium-en-ca'],
  ['apertium-spa-cat', 'apertium-es-ca'],
  ['apertium-fra-cat'],
  ['apertium-oci-fra'],
  ['apertium-es-pt', 'apertium-spa-por'],
  ['apertium-spa-ita', 'apertium-es-it'],
];
const server = 'apertium-apy';
const modesFolder = '/usr/share/apertium/modes';

/**
 * Makes sure that Apertium's server and language pairs are there: found, or installed with the system's package manager.
 *
 * @param modes the folder of installed translation modes
 * @throws MissingProgramError that says what to do
 */
export async function provideApertium(machine: Machine, modes: string = modesFolder): Promise<void> {
  if (isInstalled(machine, modes)) return;
  const manager = await findPackageManager(machine);
  const todo =
    'Install apertium-apy and language pairs such as apertium-eng-spa, or set OPENAI_API_KEY or OPENAI_BASE_URL.';
  if (manager === undefined)
    throw new MissingProgramError(`Apertium is not installed, and neither apt-get nor brew is here. ${todo}`);
  const offered = await manager.offered([server, ...pairs.flat()]).catch((cause: unknown) => {
    throw new MissingProgramError(`Apertium is not installed. ${todo}\n${String(cause)}`, { cause });
  });
  const wanted = pairs.flatMap((names) => names.find((name) => offered.includes(name)) ?? []);
  if (!offered.includes(server) || wanted.length === 0)
    throw new MissingProgramError(`Apertium is not installed, and ${manager.name} does not offer it. ${todo}`);
  if (manager.blockedBecause !== undefined)
    throw new MissingProgramError(
      `Apertium is not installed, and can't be from here (${manager.blockedBecause}). Run\n  ${manager.commandLine([server, ...wanted])}\nand start again.`,
    );
  try {
    await manager.install([server, ...wanted]);
  } catch (cause) {
    throw new MissingProgramError(`Apertium could not be installed. ${todo}\n${String(cause)}`, { cause });
  }
  if (!isInstalled(machine, modes))
    throw new MissingProgramError(`Apertium was installed, but is not where it should be. ${todo}`);
}

function isInstalled(machine: Machine, modes: string): boolean {
  if (findExecutable(server, machine) === undefined) return false;
  try {
    return readdirSync(modes).some((file) => file.endsWith('.mode'));
  } catch {
    return false;
  }
}
