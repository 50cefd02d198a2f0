/** Builds the package that is published: `node scripts/build.ts [FOLDER]`, by default into `dist`. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'tsdown';
import { printProtocolTypes } from './print-protocol-types.ts';
import { publishedManifest, type Manifest } from './published-manifest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const repository = resolve(root, '../..');

const shared: InlineConfig = {
  cwd: root,
  config: false,
  entry: { index: join(root, 'src/index.ts') },
  format: 'esm',
  clean: false,
  dts: false,
  logLevel: 'error',
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  deps: { alwaysBundle: [/^@parley\//] },
};

/** The declarations need these libraries, whatever the target of the program that uses them. */
const libraries = '/// <reference lib="es2022" />\n/// <reference lib="esnext.disposable" />';

async function buildDeclarations(folder: string): Promise<void> {
  const protocolTypes = join(folder, 'protocol.ts');
  await writeFile(protocolTypes, printProtocolTypes());
  await build({
    ...shared,
    outDir: folder,
    dts: {
      emitDtsOnly: true,
      resolver: 'tsc',
      compilerOptions: { stripInternal: true, paths: { '@parley/protocol': [protocolTypes] } },
    },
    banner: { dts: libraries },
  });
  await rm(protocolTypes);
}

async function buildPackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({ ...shared, outDir: join(folder, 'node'), platform: 'node', target: 'node20' });
  await build({ ...shared, outDir: join(folder, 'browser'), platform: 'browser', target: 'es2022', minify: true });
  await buildDeclarations(folder);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  await cp(join(root, 'README.md'), join(folder, 'README.md'));
  await cp(join(repository, 'LICENSE'), join(folder, 'LICENSE'));
}

await buildPackage(resolve(process.argv[2] ?? join(root, 'dist')));
