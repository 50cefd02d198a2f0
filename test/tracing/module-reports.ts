import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProcess } from '../harness/index.ts';

/** Reports of the OpenTelemetry packages that processes load. */
export interface ModuleReports extends AsyncDisposable {
  /** For the environment of the processes. */
  readonly env: Readonly<Record<string, string>>;
  loadedBy(process: TestProcess): Promise<Set<string>>;
}

export async function openModuleReports(): Promise<ModuleReports> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-modules-'));
  return {
    env: {
      NODE_OPTIONS: `--import=${new URL('report-modules.mjs', import.meta.url).href}`,
      REPORTS_FOLDER: folder,
    },
    loadedBy: async ({ child }) => {
      const names = await readFile(join(folder, String(child.pid)), 'utf8');
      return new Set(names.trim().split('\n'));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
