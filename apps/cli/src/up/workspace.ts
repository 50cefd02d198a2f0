import { fileURLToPath } from 'node:url';

const root = new URL('../../../../', import.meta.url);

/** Where things are in the clone that this code was started from. */
export const workspace = {
  /** The program that starts one process: `parley.js edge`. */
  program: fileURLToPath(new URL('apps/cli/bin/parley.js', root)),
  /** Preloaded into each of them. */
  leaveWithParent: new URL('leave-with-parent.ts', import.meta.url).href,
  /** Everything that running leaves behind; git ignores it. */
  state: fileURLToPath(new URL('.parley', root)),
} as const;
