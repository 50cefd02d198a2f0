import type { RedisLogin, ServerAddress } from '@parley/redis/servers';
import { z } from 'zod';

const defaultPort = 6379;
const maxDatabase = 65_535;

/** A parsed URL of a Redis. */
export interface RedisUrl {
  readonly address: ServerAddress | { readonly path: string };
  readonly login: RedisLogin;
  readonly database: number;
  readonly isTls: boolean;
}

class InvalidRedisUrlError extends Error {
  override readonly name = 'InvalidRedisUrlError';
}

/**
 * Accepts `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, the same with `rediss://` for TLS, and
 * `unix:///PATH[?db=DATABASE]`, with a login `unix://[USER]:PASSWORD@localhost/PATH`. The result is the text; its errors
 * don't contain it.
 */
export const redisUrlSchema = z.string().superRefine((text, context) => {
  try {
    parseRedisUrl(text);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof InvalidRedisUrlError ? error.message : 'is not a URL',
    });
  }
});

/** @throws Error for a text that `redisUrlSchema` rejects */
export function parseRedisUrl(text: string): RedisUrl {
  const url = new URL(text);
  if (!['redis:', 'rediss:', 'unix:'].includes(url.protocol)) throw new InvalidRedisUrlError('has another scheme');
  if (url.hash !== '') throw new InvalidRedisUrlError('has a # that is not percent-encoded');
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'db');
  if (unknown !== undefined) throw new InvalidRedisUrlError('has a parameter other than db');
  const login = loginOf(url);
  const dbParameter = url.searchParams.get('db') ?? undefined;
  if (url.protocol === 'unix:') {
    const path = decodeURIComponent(url.pathname);
    if (!['', 'localhost'].includes(url.host))
      throw new InvalidRedisUrlError('names a host before the path of a socket');
    if (path.length < 2) throw new InvalidRedisUrlError('names no socket');
    return { address: { path }, login, database: databaseOf(dbParameter ?? ''), isTls: false };
  }
  if (url.hostname === '') throw new InvalidRedisUrlError('names no host');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    address: { host, port: url.port === '' ? defaultPort : Number(url.port) },
    login,
    database: databaseOf(dbParameter ?? url.pathname.slice(1)),
    isTls: url.protocol === 'rediss:',
  };
}

function loginOf({ username, password }: URL): RedisLogin {
  if (password === '') {
    // Redis would be used as the user `default`, without any notice.
    if (username !== '') throw new InvalidRedisUrlError('has a user name without a password');
    return {};
  }
  const secret = { password: decodeURIComponent(password) };
  return username === '' ? secret : { username: decodeURIComponent(username), ...secret };
}

function databaseOf(text: string): number {
  if (text === '') return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > maxDatabase) {
    throw new InvalidRedisUrlError('has a database that is not a number');
  }
  return Number(text);
}
