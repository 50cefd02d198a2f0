import { z } from 'zod';

/**
 * The base URL of an API, in one form however it is written: two workers must mean the same place by it. What no request
 * carries (an anchor, a name and a password) is left out.
 */
export const baseUrlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .transform((written) => {
    const { origin, pathname, search } = new URL(written);
    return `${origin}${pathname.replace(/\/+$/, '')}${search}`;
  });
