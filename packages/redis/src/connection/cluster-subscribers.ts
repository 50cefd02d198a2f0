import type { Cluster, Redis } from 'ioredis';

/** What is used of ioredis's connections for sharded channels, one for each master. It has no public type. */
interface SubscriberGroup {
  isResetting: boolean;
  readonly shardedSubscribers: ReadonlyMap<string, { getInstance(): Redis | null }>;
  stop(): void;
  addChannels(channels: readonly string[]): number;
  removeChannels(channels: readonly string[]): number;
}

function groupOf(cluster: Cluster): SubscriberGroup {
  return (cluster as unknown as { readonly shardedSubscribers: SubscriberGroup }).shardedSubscribers;
}

/**
 * Corrects two faults of ioredis 6.0.0 in the subscriptions of a connection to a cluster. To be called before it connects, and to be
 * removed when a later version passes `cluster-connections.test.ts` without it:
 *
 * - If the connection is lost while a subscriber connects, `reset` waits for that subscriber forever, and with it every later
 *   one: no channel is subscribed again.
 * - A channel that is subscribed again is remembered once more, without a limit.
 */
export function patchSubscribers(cluster: Cluster): void {
  const group = groupOf(cluster);
  const [stop, addChannels] = [group.stop.bind(group), group.addChannels.bind(group)];
  group.stop = () => {
    stop();
    // All subscribers are gone, also those that a reset waits for.
    group.isResetting = false;
  };
  group.addChannels = (channels) => {
    group.removeChannels(channels);
    return addChannels(channels);
  };
}

/** Pings each connection for sharded channels. One whose peer is dead is then closed by its `socketTimeout`, and replaced. */
export function pingSubscribers(cluster: Cluster): void {
  for (const subscriber of groupOf(cluster).shardedSubscribers.values()) {
    const connection = subscriber.getInstance();
    if (connection?.status === 'ready') connection.ping().catch(() => undefined);
  }
}
