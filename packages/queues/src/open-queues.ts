import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueKinds, queueName, type QueueKind } from './queue-name.ts';

export type Queues = Readonly<Record<QueueKind, Queue>>;

/**
 * Opens all queues on the caller's connection. `skipMetasUpdate` leaves the options in Redis unchanged; only
 * `configureQueues` writes them.
 *
 * @param onError receives connection errors, from which BullMQ recovers by itself
 */
export function openQueues(connection: Redis, onError: (error: Error) => void): Queues {
  const opened = queueKinds.map((kind) => {
    const queue = new Queue(queueName(kind), { connection, skipMetasUpdate: true });
    queue.on('error', onError);
    return [kind, queue] as const;
  });
  return Object.fromEntries(opened) as Queues;
}

/** Closes all queues; the connection stays open. */
export async function closeQueues(queues: Queues): Promise<void> {
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
}
