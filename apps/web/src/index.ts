import { fileURLToPath } from 'node:url';

/** The folder with the caption page: static files, to be served at `/` as they are. */
export const webRoot: string = fileURLToPath(new URL('../public', import.meta.url));
