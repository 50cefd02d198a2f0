import { Queue } from 'bullmq';
import type { RedisConnection } from './redis-connection.ts';
import { queueKinds, queueName } from './queue-name.ts';

/** BullMQ's events are not used for translations, so few are kept. */
const keptEvents = 100;

/**
 * Writes the options of the queues of all shards into Redis. Workers do this at startup; all other queue objects use
 * `skipMetasUpdate`, since their defaults would overwrite these options.
 */
export async function configureQueues(connection: RedisConnection, shards: number): Promise<void> {
  const names = Array.from({ length: shards }, (_, shard) => queueKinds.map((kind) => queueName(kind, shard)));
  for (const name of names.flat()) {
    const queue = new Queue(name, { connection, streams: { events: { maxLen: keptEvents } } });
    queue.on('error', () => undefined); // A failed connection makes waitUntilReady reject.
    try {
      await queue.waitUntilReady();
      await queue.getVersion(); // Resolves only after the options are written.
    } finally {
      await queue.close();
    }
  }
}
