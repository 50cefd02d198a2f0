import { fileURLToPath } from 'node:url';

const root = new URL('../../../../', import.meta.url);

/** Paths in the clone that this code runs from. */
export const workspace = {
  /** The script that starts one process: `parley.js edge`. */
  program: fileURLToPath(new URL('apps/cli/bin/parley.js', root)),
  /** Preloaded into each process. */
  exitWithParent: new URL('exit-with-parent.ts', import.meta.url).href,
  /** Runtime files; ignored by git. */
  state: fileURLToPath(new URL('.parley', root)),
} as const;
