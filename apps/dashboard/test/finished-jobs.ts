import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** What the adding side sets in a lane's metas; BullMQ's default is 10,000. */
export const eventsKept = 100;

/** One job of a lane and how it is to end. */
export interface FinishedJob {
  readonly lane: string;
  readonly id: string;
  readonly failure?: string;
}

/** Runs real jobs to their end, each completed or failed with its reason, and leaves them in Redis. */
export async function finishJobs(redisUrl: string, jobs: readonly FinishedJob[]): Promise<void> {
  for (const lane of new Set(jobs.map((job) => job.lane))) {
    const ours = jobs.filter((job) => job.lane === lane);
    const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
    const queue = new Queue(lane, { connection, streams: { events: { maxLen: eventsKept } } });
    const { promise: drained, resolve } = Promise.withResolvers<undefined>();
    let left = ours.length;
    const worker = new Worker(
      lane,
      (job) => {
        const failure = ours.find(({ id }) => id === job.id)?.failure;
        return failure === undefined ? Promise.resolve() : Promise.reject(new UnrecoverableError(failure));
      },
      { connection },
    );
    const finished = () => {
      if (--left === 0) resolve(undefined);
    };
    worker.on('completed', finished).on('failed', finished);
    for (const { id } of ours) await queue.add('translate', { v: 1 }, { jobId: id });
    await drained;
    await worker.close();
    await queue.close();
    connection.disconnect();
  }
}
