import fastifyCors from '@fastify/cors';
import type { AccessPolicy } from '../access/access-policy.ts';
import type { HttpApi } from './http-api.ts';
import { truncatedHeader } from './transcript-routes.ts';

/** How long a browser may remember the reply to a preflight request. */
const maxAgeSeconds = 3600;

/**
 * Lets pages of any origin use the API if clients need a key: they must have one, which no browser sends by itself.
 * Without keys, only the edge's own page may.
 *
 * @param policy may throw while the policy is unknown
 */
export async function allowOtherOrigins(api: HttpApi, policy: () => AccessPolicy): Promise<void> {
  await api.register(fastifyCors, {
    origin: (_origin, reply) => reply(null, needsKey(policy)),
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    exposedHeaders: ['Content-Disposition', 'Retry-After', truncatedHeader],
    maxAge: maxAgeSeconds,
    // Otherwise an OPTIONS request of something other than a browser gets an error in a format of its own.
    strictPreflight: false,
  });
}

function needsKey(policy: () => AccessPolicy): boolean {
  try {
    return policy().kind === 'keys';
  } catch {
    return false;
  }
}
