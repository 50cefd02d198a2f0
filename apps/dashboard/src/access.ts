import { createHash, timingSafeEqual } from 'node:crypto';
import basicAuth from '@fastify/basic-auth';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ConfigError, forwardingHeader, namesLoopback, type ClientAddress, type Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';
import { LoginAttempts } from './login-attempts.ts';
import { isLoopback } from './loopback.ts';

/** Who may use the dashboard: all clients on this machine, or clients with one of its keys. */
export type Login =
  | { readonly kind: 'loopback' }
  | {
      readonly kind: 'key';
      /** A browser asks for the password of each realm once. */
      readonly realm: string;
      readonly keys: readonly string[];
      /** The variable of the key, for people. */
      readonly variable: string;
    };

type LoginConfig = Pick<Config, 'DASHBOARD_KEY' | 'DASHBOARD_OPERATOR_KEY' | 'API_KEYS' | 'HOST' | 'KEYLESS'>;

const windowMs = 60_000;
const loginLimits = { windowMs, maxPerAddress: 10, maxInAll: 100 } as const;

/**
 * Determines who may look at the dashboard. It shows the sessions of all tenants, so the key of a tenant doesn't open it; that of
 * operators does.
 *
 * @throws ConfigError if it needs a key and has none of its own
 */
export function readerLogin(config: LoginConfig): Login {
  const { DASHBOARD_KEY: key, DASHBOARD_OPERATOR_KEY: operatorKey, API_KEYS: apiKeys } = config;
  if (key !== undefined) {
    requireOwnKey('DASHBOARD_KEY', key, config);
    const keys = operatorKey === undefined ? [key] : [key, operatorKey];
    return { kind: 'key', realm: 'Parley', keys, variable: 'DASHBOARD_KEY' };
  }
  if (apiKeys !== undefined || config.KEYLESS === 'never') {
    const allowed =
      'set while API_KEYS is, or KEYLESS is never, to a key of at least 16 characters: no key of a tenant opens the dashboard';
    throw new ConfigError([{ variable: 'DASHBOARD_KEY', value: '', allowed }]);
  }
  if (isLoopback(config.HOST) || config.KEYLESS === 'loopback') return { kind: 'loopback' };
  const allowed =
    'a loopback address while DASHBOARD_KEY is unset (or KEYLESS=loopback if the port is published on loopback only)';
  throw new ConfigError([{ variable: 'HOST', value: config.HOST, allowed }]);
}

/**
 * Determines who may retry and clean; `undefined`: nobody, since there is no key for it.
 *
 * @throws ConfigError if another key is the same
 */
export function operatorLogin(config: LoginConfig): Login | undefined {
  const { DASHBOARD_OPERATOR_KEY: key, DASHBOARD_KEY: readerKey } = config;
  if (key === undefined) return undefined;
  requireOwnKey('DASHBOARD_OPERATOR_KEY', key, config);
  if (key === readerKey) {
    const allowed = 'a key of its own: this one is DASHBOARD_KEY';
    throw new ConfigError([{ variable: 'DASHBOARD_OPERATOR_KEY', value: '(hidden)', allowed }]);
  }
  return { kind: 'key', realm: 'Parley operator', keys: [key], variable: 'DASHBOARD_OPERATOR_KEY' };
}

function requireOwnKey(variable: string, key: string, { API_KEYS: apiKeys }: LoginConfig): void {
  if (apiKeys?.some((tenant) => tenant.key === key) !== true) return;
  const allowed = 'a key of its own, since the dashboard shows all tenants: this one is in API_KEYS';
  throw new ConfigError([{ variable, value: '(hidden)', allowed }]);
}

/** What is needed to slow down who guesses keys. */
export interface LoginWatch {
  readonly attempts: LoginAttempts;
  /** Determines the client's address. */
  readonly clientAddress: ClientAddress;
  readonly logger: Logger;
}

/** Counts the failed logins of the whole dashboard. */
export function newLoginAttempts(): LoginAttempts {
  return new LoginAttempts(loginLimits, () => performance.now());
}

/**
 * Enforces the login for every request of a scope. With a key: HTTP basic authentication (RFC 7617) with any user name
 * and a key as the password. Without one, the Host header must name this machine, so that no website can read the
 * board through a browser on it by DNS rebinding, and forwarded requests are refused, because their peer is the proxy
 * and not the client.
 */
export async function requireLogin(scope: FastifyInstance, login: Login, watch: LoginWatch): Promise<void> {
  if (login.kind === 'loopback') requireThisMachine(scope);
  else await requireKey(scope, login, watch);
}

function requireThisMachine(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    const header = forwardingHeader(request.headers);
    if (header !== undefined) {
      const error = `A proxy forwarded this request (header ${header}); without DASHBOARD_KEY, only this machine may use the dashboard. Set DASHBOARD_KEY to use it behind a proxy.`;
      await reply.code(403).send({ error });
      return;
    }
    if (namesLoopback(request.headers.host)) return;
    await reply
      .code(403)
      .send({ error: 'Without DASHBOARD_KEY, the dashboard is only available as localhost or 127.0.0.1.' });
  });
}

async function requireKey(
  scope: FastifyInstance,
  { realm, keys, variable }: Extract<Login, { kind: 'key' }>,
  { attempts, clientAddress, logger }: LoginWatch,
): Promise<void> {
  const known = keys.map(digest);
  const addressOf = ({ ip, headers }: FastifyRequest): string => clientAddress(ip, headers);
  scope.addHook('onRequest', async (request, reply) => {
    // A browser asks without a login first.
    if (request.headers.authorization === undefined || attempts.isAllowed(addressOf(request))) return;
    await reply
      .code(429)
      .header('retry-after', String(windowMs / 1000))
      .send({ error: 'Too many wrong keys; try again in a minute.' });
  });
  await scope.register(basicAuth, {
    authenticate: { realm },
    validate: (_user, password, request, _reply, done) => {
      const address = addressOf(request);
      if (isOneOf(known, digest(password))) {
        attempts.recordSuccess(address);
        done();
        return;
      }
      const failures = attempts.recordFailure(address);
      if (failures === 1 || failures === loginLimits.maxPerAddress) {
        logger.info({ address, failures }, 'dashboard login refused');
      }
      done(new Error(`The password must be the ${variable}.`));
    },
  });
  scope.addHook('onRequest', scope.basicAuth);
}

/** Compares with all of them, so that the time tells nothing. */
function isOneOf(known: readonly Buffer[], presented: Buffer): boolean {
  return known.map((each) => timingSafeEqual(each, presented)).includes(true);
}

/** Digests have the same length, which the comparison needs. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
