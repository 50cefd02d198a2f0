import { z } from 'zod';

const httpUrlSchema = z
  .string()
  .trim()
  .pipe(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }));

/** One form of a URL, without what no request carries: an anchor, a name and a password. */
function plainUrl(written: string, mend: (path: string) => string): string {
  const { origin, pathname, search } = new URL(written);
  return `${origin}${mend(pathname.replace(/\/+$/, '')).replace(/\/+$/, '')}${search}`;
}

/**
 * The base URL of an API, in one form however it is written: two workers must mean the same place by it. What no request
 * carries (an anchor, a name and a password) is left out.
 */
export const baseUrlSchema = httpUrlSchema.transform((written) => plainUrl(written, (path) => path));

/** Addresses below the base URL of an OpenAI-compatible API, as they are pasted from an example of a call. */
const calls = /\/+chat\/+completions$|(?<=\/v\d\w*)\/+(?:completions|responses|embeddings|models)$/i;
/** Ollama's own API, beside which it has a compatible one: https://github.com/ollama/ollama/blob/main/docs/openai.md */
const ollamaCalls = /\/+api\/+(?:chat|generate|tags)$/i;

/** The same of an OpenAI-compatible API; the address of one of its calls is taken for the API. */
export const openAiBaseUrlSchema = httpUrlSchema.transform((written) =>
  plainUrl(written, (path) => path.replace(calls, '').replace(ollamaCalls, '/v1')),
);
