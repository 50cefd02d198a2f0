import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, type QueueKind } from './queue-name.ts';

export type Queues = Readonly<Record<QueueKind, Queue>>;

/**
 * Opens both queues on the caller's connection. `skipMetasUpdate` leaves the options in Redis unchanged; only
 * `configureQueues` writes them.
 *
 * @param onError receives connection errors, from which BullMQ recovers by itself
 */
export function openQueues(connection: Redis, onError: (error: Error) => void): Queues {
  const open = (kind: QueueKind): Queue => {
    const queue = new Queue(queueName(kind), { connection, skipMetasUpdate: true });
    queue.on('error', onError);
    return queue;
  };
  return { partial: open('partial'), final: open('final') };
}

/** Closes both queues; the connection stays open. */
export async function closeQueues(queues: Queues): Promise<void> {
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
}
