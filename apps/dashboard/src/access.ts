import { createHash, timingSafeEqual } from 'node:crypto';
import basicAuth from '@fastify/basic-auth';
import type { FastifyInstance } from 'fastify';
import { ConfigError, forwardingHeader, type ApiKey, type Config } from '@parley/config';
import { isLoopback, namesLoopback } from './loopback.ts';

/** Who may look: anybody on this machine, or whoever has an API key. */
export type Login = { readonly kind: 'loopback' } | { readonly kind: 'keys'; readonly keys: readonly ApiKey[] };

/**
 * Decides who may look.
 *
 * @throws ConfigError where there are no keys and other machines could connect
 */
export function loginFor(config: Pick<Config, 'API_KEYS' | 'HOST' | 'KEYLESS'>): Login {
  if (config.API_KEYS !== undefined) return { kind: 'keys', keys: config.API_KEYS };
  if (isLoopback(config.HOST) || config.KEYLESS === 'loopback') return { kind: 'loopback' };
  const allowed =
    'a loopback address while API_KEYS is unset (or KEYLESS=loopback, where the port is only published on loopback)';
  throw new ConfigError([{ variable: 'HOST', value: config.HOST, allowed }]);
}

/**
 * Holds every request of a scope to the login. With keys: HTTP basic authentication (RFC 7617), any user name, a key as the
 * password. Without: the Host header must name this machine, so that no website whose name was pointed at 127.0.0.1 (DNS
 * rebinding) can read the board through somebody's browser; and no proxy may have passed the request on, whose peer is the
 * proxy, whoever asked it.
 */
export async function requireLogin(scope: FastifyInstance, login: Login): Promise<void> {
  if (login.kind === 'loopback') {
    scope.addHook('onRequest', async (request, reply) => {
      const header = forwardingHeader(request.headers);
      if (header !== undefined) {
        const error = `A proxy passed this request on (it has the header ${header}), and without API_KEYS only this machine may look. Set API_KEYS to use the dashboard behind a proxy.`;
        await reply.code(403).send({ error });
        return;
      }
      if (namesLoopback(request.headers.host)) return;
      await reply
        .code(403)
        .send({ error: 'Without API_KEYS the dashboard is only reached as localhost or 127.0.0.1.' });
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

/** Looks at every digest, whichever matches, so that the time taken tells nothing. */
function isAmong(digests: readonly Buffer[], given: Buffer): boolean {
  return digests.filter((known) => timingSafeEqual(known, given)).length > 0;
}
