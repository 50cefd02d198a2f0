import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, type Lane } from './lane.ts';

export type LaneQueues = Readonly<Record<Lane, Queue>>;

/**
 * Opens the queues of both lanes on the caller's connection. They leave the options in Redis alone
 * (`skipMetasUpdate`): those are written by `configureLanes`, and by nobody else.
 *
 * @param onError hears of connection errors, which BullMQ recovers from by itself
 */
export function openLaneQueues(connection: Redis, onError: (error: Error) => void): LaneQueues {
  const open = (lane: Lane): Queue => {
    const queue = new Queue(queueName(lane), { connection, skipMetasUpdate: true });
    queue.on('error', onError);
    return queue;
  };
  return { partial: open('partial'), final: open('final') };
}

/** Closes both queues; the connection stays open. */
export async function closeLaneQueues(queues: LaneQueues): Promise<void> {
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
}
