/**
 * Builds the pages into `dist`: `node scripts/build.ts [--if-changed]`. With the option, only if a source has changed since
 * the last build.
 */
import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const repository = resolve(root, '../..');
const target = join(root, 'dist');
const stampFile = join(target, '.sources');
const sourceFolders = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/scripts',
  'packages/client/src',
  'packages/protocol/src',
];

/** Changes whenever a source file is added, removed or changed. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(repository, 'package-lock.json')));
  for (const folder of sourceFolders) {
    const entries = await readdir(join(repository, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      const { mtimeMs, size } = await stat(file);
      hash.update(`${file} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex');
}

async function isUpToDate(wanted: string): Promise<boolean> {
  return (await readFile(stampFile, 'utf8').catch(() => '')) === wanted;
}

/** Bundles each page's script and copies the rest. */
async function buildInto(folder: string): Promise<void> {
  // Loading it takes longer than finding out that nothing has changed.
  const { build } = await import('tsdown');
  await cp(join(root, 'public'), folder, { recursive: true });
  await build({
    cwd: root,
    config: false,
    entry: { speak: join(root, 'src/speak/page.ts'), listen: join(root, 'src/listen/page.ts') },
    outDir: folder,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    clean: false,
    dts: false,
    logLevel: 'error',
    outExtensions: () => ({ js: '.js' }),
    deps: { alwaysBundle: [/./] },
  });
}

/** Replaces `dist` at once, because another process may be serving from it or building as well. */
async function replaceTarget(built: string): Promise<void> {
  const replaced = `${built}-replaced`;
  await rename(target, replaced).catch(() => undefined);
  await rename(built, target).catch(async (error: unknown) => {
    await rm(built, { recursive: true, force: true });
    if (!(await isUpToDate(wanted))) throw error;
  });
  await rm(replaced, { recursive: true, force: true });
}

const wanted = await fingerprint();
if (!process.argv.includes('--if-changed') || !(await isUpToDate(wanted))) {
  const folder = await mkdtemp(join(root, '.dist-'));
  // Unlike other temporary folders it must be readable by whoever serves it.
  await chmod(folder, 0o755);
  await buildInto(folder);
  await writeFile(join(folder, '.sources'), wanted);
  await replaceTarget(folder);
}
