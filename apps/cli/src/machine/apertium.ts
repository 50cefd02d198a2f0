import { readdirSync } from 'node:fs';
import { findExecutable } from './executable.ts';
import type { Program } from './program.ts';

const server = 'apertium-apy';
/** The language pairs to install. For a renamed package, the first name that is available is used. */
const pairs: readonly (readonly string[])[] = [
  ['apertium-eng-spa', 'apertium-en-es'],
  ['apertium-eng-cat', 'apertium-en-ca'],
  ['apertium-spa-cat', 'apertium-es-ca'],
  ['apertium-fra-cat'],
  ['apertium-oci-fra'],
  ['apertium-es-pt', 'apertium-spa-por'],
  ['apertium-spa-ita', 'apertium-es-it'],
];

/**
 * Describes Apertium's server and language pairs.
 *
 * @param modesFolder the folder of installed translation modes
 */
export function apertium(modesFolder = '/usr/share/apertium/modes'): Program {
  return {
    name: 'Apertium with a language pair',
    packages: { 'apt-get': [[server], ...pairs] },
    manualInstall:
      'apertium-apy and language pairs such as apertium-eng-spa (https://wiki.apertium.org/wiki/Installation)',
    isCompleteWith: (packages) => packages.includes(server) && packages.length > 1,
    findProblem(machine) {
      const description =
        findExecutable(server, machine) === undefined
          ? `no ${server} is on the PATH`
          : hasModes(modesFolder)
            ? undefined
            : `there is no language pair in ${modesFolder}`;
      return Promise.resolve(description === undefined ? undefined : { description });
    },
  };
}

function hasModes(folder: string): boolean {
  try {
    return readdirSync(folder).some((file) => file.endsWith('.mode'));
  } catch {
    return false;
  }
}
