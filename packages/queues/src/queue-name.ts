import type { RetryState } from '@parley/translation';

/** The two queues: partials may be dropped and overtaken, finals never. */
export type QueueKind = 'partial' | 'final';

/**
 * The name of a queue in Redis. The braces keep all keys of a queue in one slot of a Redis Cluster; the number is a shard.
 */
export function queueName(kind: QueueKind): string {
  return `{parley-${kind}-0}`;
}

/** Format version 1 of a job's data: a name for what is to be done, and no text. */
interface NamedSegment {
  readonly v: 1;
  readonly sessionId: string;
  readonly segmentId: number;
  /** Which job of the segment, or of the final, this is: part of its id. */
  readonly number: string;
}

/** An open segment that a worker thread is to hold, in all of its languages. */
export interface PartialJobData extends NamedSegment {
  readonly target?: never;
}

/** An accepted final that waits for one target. It carries on what was done when it is put back. */
export interface FinalJobData extends NamedSegment {
  readonly target: string;
  /** Calls that were made for it, as they stand once it is due again; jobs of older workers lack `elapsedMs`. */
  readonly earlier?: (Omit<RetryState, 'elapsedMs'> & Partial<Pick<RetryState, 'elapsedMs'>>) | undefined;
  /** How often it could not be read. */
  readonly reads?: number | undefined;
}

export type JobData = PartialJobData | FinalJobData;

/** Ids hold no `:` (BullMQ's own separator) and are no integers. */
export function jobId({ sessionId, segmentId, target, number }: JobData): string {
  return target === undefined ? `${sessionId}/${segmentId}/${number}` : `${sessionId}/${segmentId}/${target}/${number}`;
}

/** When a job was made, in ms since 1970 by the clock of Redis: its number is made from that. */
export function addedAtMs(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1)) / 1000;
}
