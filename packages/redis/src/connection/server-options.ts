import type { SentinelRedis, StandaloneRedis } from '../servers/index.ts';
import { accessOptions, tlsOptions } from './access-options.ts';
import type { ServerOptions } from './redis-connection.ts';
import { MasterConnector } from './master-connector.ts';

/** The master is asked for before each attempt to connect, so both delays together decide how fast a connection is back. */
const maxRetryDelayMs = 250;
const sentinelTimeoutMs = 1000;

/** How to reach the server, or the master that the sentinels name at each attempt to connect. */
export function serverOptions(servers: StandaloneRedis | SentinelRedis): ServerOptions {
  const access = accessOptions(servers);
  if (servers.kind === 'standalone') return { ...access, ...servers.address };
  const { masterName, sentinels, sentinelLogin, tls } = servers;
  const { username, password } = sentinelLogin;
  return {
    ...access,
    Connector: MasterConnector,
    name: masterName,
    sentinels: sentinels.map((address) => ({ ...address })),
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(tls === undefined ? {} : { sentinelTLS: tlsOptions(tls), enableTLSForSentinelMode: true }),
    // A frozen sentinel accepts connections.
    sentinelCommandTimeout: sentinelTimeoutMs,
    sentinelRetryStrategy: (attempt) => Math.min(attempt * 100, maxRetryDelayMs),
    // A master that hangs leaves its connections open: they are closed when the sentinels announce another one.
    failoverDetector: true,
  };
}
