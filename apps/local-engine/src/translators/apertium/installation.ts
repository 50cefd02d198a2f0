import { access, constants, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where Apertium is on this machine. */
export interface ApertiumInstallation {
  /** The Python that apertium-apy is installed for. */
  readonly python: string;
  /** The folder of the mode files: one for each pair, the commands of its pipeline. */
  readonly modesPath: string;
  /** The mode files of translation pairs, such as `eng-spa.mode`. */
  readonly modes: readonly string[];
}

/** apertium-apy takes codes of at most one variant, such as `cat_valencia`, and so do we. */
const pairMode = /^[a-z]{2,3}(_[A-Za-z0-9]+)?-[a-z]{2,3}(_[A-Za-z0-9]+)?\.mode$/;

/** Finds apertium-apy on the PATH and the language pairs beside it; `undefined` if either is missing. */
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

/** The interpreter in the first line of an executable script. */
async function interpreterOf(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    return /^#! *(\S*python\S*)/.exec(await readFile(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
