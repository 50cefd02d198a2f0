import { z } from 'zod';

export const httpUrlSchema = z
  .string()
  .trim()
  .pipe(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }));

/**
 * Normalizes a URL and removes what is not sent in a request: fragment, user name and password.
 *
 * @param mend normalizes the path
 */
export function plainUrl(written: string, mend: (path: string) => string): string {
  const { origin, pathname, search } = new URL(written);
  return `${origin}${mend(pathname.replace(/\/+$/, '')).replace(/\/+$/, '')}${search}`;
}

/** The base URL of an API, normalized so that all workers identify the same endpoint by the same URL. */
export const baseUrlSchema = httpUrlSchema.transform((written) => plainUrl(written, (path) => path));
