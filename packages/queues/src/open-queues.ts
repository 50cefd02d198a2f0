import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, type QueueKind } from './queue-name.ts';

export type Queues = Readonly<Record<QueueKind, Queue>>;

/**
 * Opens the queues of both queues on the caller's connection. They leave the options in Redis alone
 * (`skipMetasUpdate`): those are written by `configureQueues`, and by nobody else.
 *
 * @param onError hears of connection errors, which BullMQ recovers from by itself
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
