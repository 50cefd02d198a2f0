import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueKinds, queueName } from './queue-name.ts';

/** BullMQ's events are not used for translations, so few are kept. */
const keptEvents = 100;

/**
 * Writes the options of all queues into Redis. Workers do this at startup; all other queue objects use
 * `skipMetasUpdate`, since their defaults would overwrite these options.
 */
export async function configureQueues(connection: Redis): Promise<void> {
  for (const kind of queueKinds) {
    const queue = new Queue(queueName(kind), { connection, streams: { events: { maxLen: keptEvents } } });
    queue.on('error', () => undefined); // A failed connection makes waitUntilReady reject.
    try {
      await queue.waitUntilReady();
      await queue.getVersion(); // Resolves only after the options are written.
    } finally {
      await queue.close();
    }
  }
}
