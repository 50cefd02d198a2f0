import type { RetryState } from '@parley/translation';

/**
 * The queues: partials may be dropped or superseded, finals may not. Long finals have their own, so that short ones never wait
 * for them to end.
 */
export const queueKinds = ['partial', 'final', 'long-final'] as const;

export type QueueKind = (typeof queueKinds)[number];

/**
 * Returns the name of a queue of one shard. The braces keep its keys in one slot of a Redis Cluster; the shards are on
 * several masters.
 */
export function queueName(kind: QueueKind, shard: number): string {
  return `{parley-${kind}-${shard}}`;
}

/** Format version 1 of a job's data: it names the work and contains no text. */
interface NamedSegment {
  readonly v: 1;
  readonly sessionId: string;
  readonly segmentId: number;
  /** The number of this job of the segment or final; part of its id. */
  readonly number: string;
}

/** An open segment for a worker thread to hold, in all of its languages. */
export interface PartialJobData extends NamedSegment {
  readonly target?: never;
}

/** An accepted final and one of its targets. The optional fields are set when it is requeued. */
export interface FinalJobData extends NamedSegment {
  readonly target: string;
  /** Set if its text was corrected after the final. */
  readonly isCorrection?: true | undefined;
  /** The state of earlier attempts; jobs of older workers lack `elapsedMs`. */
  readonly earlier?: (Omit<RetryState, 'elapsedMs'> & Partial<Pick<RetryState, 'elapsedMs'>>) | undefined;
  /** How often reading the final failed. */
  readonly reads?: number | undefined;
}

export type JobData = PartialJobData | FinalJobData;

/** Returns the id of a job. BullMQ allows neither `:` nor plain integers in ids. */
export function jobId(data: JobData): string {
  const { sessionId, segmentId, target, number } = data;
  if (target === undefined) return `${sessionId}/${segmentId}/${number}`;
  return `${sessionId}/${data.isCorrection === true ? 'c' : ''}${segmentId}/${target}/${number}`;
}

/** Returns when a job was created, in ms since 1970 by the clock of Redis, from which its number is derived. */
export function addedAtMs(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1)) / 1000;
}
