import { readdirSync } from 'node:fs';
import { findExecutable } from './executable.ts';
import type { Program } from './program.ts';

const server = 'apertium-apy';
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

/**
 * Apertium's server and language pairs.
 *
 * @param modesFolder the folder of installed translation modes
 */
export function apertium(modesFolder = '/usr/share/apertium/modes'): Program {
  return {
    name: 'Apertium with a language pair',
    packages: { 'apt-get': [[server], ...pairs] },
    byHand: 'apertium-apy and language pairs such as apertium-eng-spa (https://wiki.apertium.org/wiki/Installation)',
    isMadeOf: (packages) => packages.includes(server) && packages.length > 1,
    findLack(machine) {
      const seen =
        findExecutable(server, machine) === undefined
          ? `no ${server} is on the PATH`
          : hasModes(modesFolder)
            ? undefined
            : `there is no language pair in ${modesFolder}`;
      return Promise.resolve(seen === undefined ? undefined : { seen });
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
