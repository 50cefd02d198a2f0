import type { RedisOptions } from 'ioredis';
import type { RedisServers } from '../servers/index.ts';

/** The login, database and TLS of a connection to any of the servers. */
export function accessOptions({
  login,
  database,
  tls,
}: Pick<RedisServers, 'login' | 'database' | 'tls'>): Pick<RedisOptions, 'username' | 'password' | 'db' | 'tls'> {
  return {
    ...login,
    db: database,
    ...(tls === undefined ? {} : { tls: tlsOptions(tls) }),
  };
}

/** Options of Node.js for a connection with TLS. */
export function tlsOptions({ ca, verify }: NonNullable<RedisServers['tls']>): NonNullable<RedisOptions['tls']> {
  return { rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca }) };
}
