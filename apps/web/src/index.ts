import { fileURLToPath } from 'node:url';

/** The folder of the built pages: the speaker's is `index.html`, the listeners' `listen.html`. `scripts/build.ts` fills it. */
export const webRoot: string = fileURLToPath(new URL('../dist', import.meta.url));
