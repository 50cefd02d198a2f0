import { z } from 'zod';

export const httpUrlSchema = z
  .string()
  .trim()
  .pipe(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }));

/**
 * One form of a URL, without what no request carries: an anchor, a name and a password.
 *
 * @param mend brings its path into one form
 */
export function plainUrl(written: string, mend: (path: string) => string): string {
  const { origin, pathname, search } = new URL(written);
  return `${origin}${mend(pathname.replace(/\/+$/, '')).replace(/\/+$/, '')}${search}`;
}

/**
 * The base URL of an API, in one form however it is written: two workers must mean the same place by it. What no request
 * carries (an anchor, a name and a password) is left out.
 */
export const baseUrlSchema = httpUrlSchema.transform((written) => plainUrl(written, (path) => path));
