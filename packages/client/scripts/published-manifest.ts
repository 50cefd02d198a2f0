export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * The `package.json` of the published package. That of the workspace points to the TypeScript sources, which Node.js
 * does not run below `node_modules`.
 */
export function publishedManifest({ name, version, description, license, engines, dependencies }: Manifest): object {
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: false,
    engines,
    // For resolvers that don't know `exports`.
    main: './node/index.js',
    types: './index.d.ts',
    exports: { '.': { types: './index.d.ts', node: './node/index.js', default: './browser/index.js' } },
    // The packages of the workspace are bundled.
    dependencies: Object.fromEntries(
      Object.entries(dependencies).filter(([dependency]) => !dependency.startsWith('@parley/')),
    ),
  };
}
