import type { Queue } from 'bullmq';
import { isBehindOwn } from './job-order.ts';
import type { RedisConnection } from './redis-connection.ts';

/** How many jobs are read to find one that is not behind others of its session. */
const maxRead = 32;
/** BullMQ's score of a job with a priority is `priority * 2^32 + counter`. */
const priorityUnit = 2 ** 32;

/** What is waiting in a queue, in the order of service. */
export interface WaitingJobs {
  /** The smallest priority; `undefined` if no job is waiting. */
  readonly head: number | undefined;
  /** The next job that is not behind others of its session. */
  readonly firstOfSession: string | undefined;
}

/** Returns the next job without a priority and the next one with a priority, as far as there are any, in the order of service. */
export async function readNext(redis: RedisConnection, queue: Queue): Promise<string[]> {
  const [first, [prioritized]] = await Promise.all([
    redis.lindex(queue.toKey('wait'), -1),
    redis.zrange(queue.toKey('prioritized'), '0', '0'),
  ]);
  return [first ?? undefined, prioritized].filter((id) => id !== undefined);
}

/** Reads which jobs of a queue are served next. Delayed jobs are not waiting. */
export async function readWaiting(redis: RedisConnection, queue: Queue): Promise<WaitingJobs> {
  const [oldest, prioritized] = await Promise.all([
    redis.lindex(queue.toKey('wait'), -1),
    redis.zrange(queue.toKey('prioritized'), '0', String(maxRead - 1), 'WITHSCORES'),
  ]);
  const jobs = Array.from({ length: prioritized.length / 2 }, (_, index) => ({
    id: prioritized[2 * index],
    priority: Math.floor(Number(prioritized[2 * index + 1]) / priorityUnit),
  }));
  // Jobs without a priority come first.
  if (oldest !== null) return { head: 0, firstOfSession: oldest };
  return { head: jobs[0]?.priority, firstOfSession: jobs.find(({ priority }) => !isBehindOwn(priority))?.id };
}
