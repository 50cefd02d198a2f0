import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, glob, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The commit to update from: `TEST_PREVIOUS_REF`, or the one before this. */
export const previousRef = process.env.TEST_PREVIOUS_REF ?? 'HEAD~1';

/** Why that commit can't be had, such as in a clone without history; `undefined` if it can. */
export function findPreviousProblem(): string | undefined {
  try {
    execFileSync('git', ['rev-parse', '--verify', '--quiet', `${previousRef}^{commit}`], { cwd: root, stdio: 'pipe' });
    return undefined;
  } catch {
    return `git has no commit ${previousRef} here`;
  }
}

/** The code of an earlier commit, in a temporary folder. */
export interface PreviousVersion extends AsyncDisposable {
  /** Its `parley.js`. */
  readonly program: string;
}

/** Extracts the code of `previousRef`. Packages of others are linked, so they have the versions of this commit. */
export async function extractPreviousVersion(): Promise<PreviousVersion> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parley-previous-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const archive = join(folder, 'source.tar');
  await run('git', ['archive', '--output', archive, previousRef, 'package.json', 'apps', 'packages'], { cwd: root });
  await run('tar', ['-xf', archive, '-C', folder]);
  await linkPackages(folder);
  const owned = opened.move();
  return {
    program: join(folder, 'apps/cli/bin/parley.js'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function linkPackages(folder: string): Promise<void> {
  const own = '@parley';
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== own) await link(join('node_modules', name), folder);
  // Relative links, which lead to the earlier code there.
  await cp(join(root, 'node_modules', own), join(folder, 'node_modules', own), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for await (const path of glob('{apps,packages}/*/node_modules', { cwd: root })) await link(path, folder);
  // Built files of the pages, without which an edge serves none.
  await link('apps/web/dist', folder);
}

async function link(path: string, folder: string): Promise<void> {
  if (existsSync(join(root, path)) && existsSync(dirname(join(folder, path))))
    await symlink(join(root, path), join(folder, path));
}
