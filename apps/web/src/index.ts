import { fileURLToPath } from 'node:url';

/** The folder of the caption page: static files to be served at `/`. */
export const webRoot: string = fileURLToPath(new URL('../public', import.meta.url));
