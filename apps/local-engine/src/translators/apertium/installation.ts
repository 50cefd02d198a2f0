import { access, constants, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The location of Apertium on this machine. */
export interface ApertiumInstallation {
  /** The Python that apertium-apy is installed for. */
  readonly python: string;
  /** The folder of the mode files, each with the commands of one pair's pipeline. */
  readonly modesPath: string;
  /** The mode files of translation pairs, such as `eng-spa.mode`. */
  readonly modes: readonly string[];
}

/** apertium-apy accepts codes with at most one variant, such as `cat_valencia`. */
const pairMode = /^[a-z]{2,3}(_[A-Za-z0-9]+)?-[a-z]{2,3}(_[A-Za-z0-9]+)?\.mode$/;

/** Finds apertium-apy on the PATH and its language pairs; `undefined` if either is missing. */
export async function findApertium(path: string): Promise<ApertiumInstallation | undefined> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const python = await interpreterOf(join(folder, 'apertium-apy'));
    if (python === undefined) continue;
    const modesPath = join(folder, '..', 'share', 'apertium', 'modes');
    const modes = (await readdir(modesPath).catch(() => [])).filter((name) => pairMode.test(name));
    if (modes.length > 0) return { python, modesPath, modes };
  }
  return undefined;
}

/** Returns the Python interpreter in the first line of an executable script. */
async function interpreterOf(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    return /^#! *(\S*python\S*)/.exec(await readFile(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
