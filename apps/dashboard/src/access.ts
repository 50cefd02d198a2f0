import { createHash, timingSafeEqual } from 'node:crypto';
import basicAuth from '@fastify/basic-auth';
import type { FastifyInstance } from 'fastify';
import { ConfigError, forwardingHeader, type ApiKey, type Config } from '@parley/config';
import { isLoopback, namesLoopback } from './loopback.ts';

/** Who may use the dashboard: all clients on this machine, or clients with an API key. */
export type Login = { readonly kind: 'loopback' } | { readonly kind: 'keys'; readonly keys: readonly ApiKey[] };

/**
 * Determines who may use the dashboard.
 *
 * @throws ConfigError if there are no keys and other machines could connect
 */
export function loginFor(config: Pick<Config, 'API_KEYS' | 'HOST' | 'KEYLESS'>): Login {
  if (config.API_KEYS !== undefined) return { kind: 'keys', keys: config.API_KEYS };
  if (isLoopback(config.HOST) || config.KEYLESS === 'loopback') return { kind: 'loopback' };
  const allowed =
    'a loopback address while API_KEYS is unset (or KEYLESS=loopback if the port is published on loopback only)';
  throw new ConfigError([{ variable: 'HOST', value: config.HOST, allowed }]);
}

/**
 * Enforces the login for every request of a scope. With keys: HTTP basic authentication (RFC 7617) with any user
 * name and a key as the password. Without keys, the Host header must name this machine, so that no website can read
 * the board through a browser on it by DNS rebinding, and forwarded requests are refused, because their peer is the
 * proxy and not the client.
 */
export async function requireLogin(scope: FastifyInstance, login: Login): Promise<void> {
  if (login.kind === 'loopback') {
    scope.addHook('onRequest', async (request, reply) => {
      const header = forwardingHeader(request.headers);
      if (header !== undefined) {
        const error = `A proxy forwarded this request (header ${header}); without API_KEYS, only this machine may use the dashboard. Set API_KEYS to use it behind a proxy.`;
        await reply.code(403).send({ error });
        return;
      }
      if (namesLoopback(request.headers.host)) return;
      await reply
        .code(403)
        .send({ error: 'Without API_KEYS, the dashboard is only available as localhost or 127.0.0.1.' });
    });
    return;
  }
  const digests = login.keys.map(({ key }) => digest(key));
  await scope.register(basicAuth, {
    authenticate: { realm: 'Parley' },
    validate: (_user, password, _request, _reply, done) => {
      done(isAmong(digests, digest(password)) ? undefined : new Error('The password must be an API key.'));
    },
  });
  scope.addHook('onRequest', scope.basicAuth);
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares every digest, so that timing reveals nothing. */
function isAmong(digests: readonly Buffer[], given: Buffer): boolean {
  return digests.filter((known) => timingSafeEqual(known, given)).length > 0;
}
