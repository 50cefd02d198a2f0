import type { HTTPMethods } from 'fastify';
import type { HttpApi } from './http-api.ts';
import { HttpError, sendError } from './http-error.ts';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Makes the paths of all routes that are added afterwards known.
 *
 * @returns a function that, called after them, answers the other methods of these paths with 405 and the header `Allow`
 */
export function watchMethods(api: HttpApi): () => void {
  const allowed = new Map<string, Set<string>>();
  let isWatching = true;
  api.addHook('onRoute', ({ routePath, method }) => {
    if (!isWatching || routePath === '*') return;
    const known = allowed.get(routePath) ?? new Set();
    for (const name of [method].flat()) known.add(name);
    allowed.set(routePath, known);
  });
  return () => {
    isWatching = false;
    for (const [url, known] of allowed) {
      const allow = [...known].sort().join(', ');
      api.route({
        url,
        method: methods.filter((method) => !known.has(method)),
        schema: { hide: true },
        // Before the body is read: what is wrong with it would not matter.
        onRequest: async ({ method }, reply) => {
          const refusal = new HttpError('method-not-allowed', `use ${allow} instead of ${method}`);
          await sendError(reply.header('allow', allow), refusal);
        },
        handler: () => undefined,
      });
    }
  };
}
