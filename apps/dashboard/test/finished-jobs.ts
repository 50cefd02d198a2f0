import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** What the producer sets in a queue's metadata; BullMQ's default is 10,000. */
export const eventsKept = 100;

/** A job of a queue and how it ends. */
export interface FinishedJob {
  readonly queue: string;
  readonly id: string;
  readonly failure?: string;
}

/** Runs real jobs until each is completed or failed with its reason, and leaves them in Redis. */
export async function finishJobs(redisUrl: string, jobs: readonly FinishedJob[]): Promise<void> {
  for (const queue of new Set(jobs.map((job) => job.queue))) {
    const ownJobs = jobs.filter((job) => job.queue === queue);
    const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
    const bullQueue = new Queue(queue, { connection, streams: { events: { maxLen: eventsKept } } });
    const { promise: drained, resolve } = Promise.withResolvers<undefined>();
    let remaining = ownJobs.length;
    const worker = new Worker(
      queue,
      (job) => {
        const failure = ownJobs.find(({ id }) => id === job.id)?.failure;
        return failure === undefined ? Promise.resolve() : Promise.reject(new UnrecoverableError(failure));
      },
      { connection },
    );
    const finished = () => {
      if (--remaining === 0) resolve(undefined);
    };
    worker.on('completed', finished).on('failed', finished);
    for (const { id } of ownJobs) await bullQueue.add('translate', { v: 1 }, { jobId: id });
    await drained;
    await worker.close();
    await bullQueue.close();
    connection.disconnect();
  }
}
