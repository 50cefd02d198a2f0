import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName } from './queue-name.ts';

/** Nobody listens to BullMQ's events on the way of a translation, so few are kept. */
const keptEvents = 100;

/**
 * Writes the options of both queues into Redis. Workers do this when they start; every other queue object leaves them
 * alone (`skipMetasUpdate`), since one with defaults would set them back.
 */
export async function configureQueues(connection: Redis): Promise<void> {
  for (const kind of ['partial', 'final'] as const) {
    const queue = new Queue(queueName(kind), { connection, streams: { events: { maxLen: keptEvents } } });
    queue.on('error', () => undefined); // A connection that fails makes waitUntilReady reject.
    try {
      await queue.waitUntilReady();
      await queue.getVersion(); // Answers only after the options are written.
    } finally {
      await queue.close();
    }
  }
}
