import type { RedisServers, ServerAddress } from '../servers/index.ts';

/** Names the servers for messages, without logins: `HOST:PORT`, the path of a socket, or the list of servers. */
export function describeServers(servers: RedisServers): string {
  if (servers.kind === 'sentinel') return `${servers.masterName} at ${servers.sentinels.map(hostAndPort).join(', ')}`;
  if (servers.kind === 'cluster') return servers.nodes.map(hostAndPort).join(', ');
  return 'path' in servers.address ? servers.address.path : hostAndPort(servers.address);
}

function hostAndPort({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
