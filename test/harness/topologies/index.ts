export { startCluster, type ClusterTopology } from './cluster.ts';
export { otherServers } from './other-servers.ts';
export { freePort, startRedisProcess, type RedisProcess } from './redis-process.ts';
export { startSentinel, type SentinelTopology } from './sentinel.ts';
export { aclOfParley, dangerousOfParley, startOnSocket, startStandalone, startWithTls } from './standalone.ts';
export { createTlsSettings } from './tls-settings.ts';
export { infoField, type Topology } from './topology.ts';
