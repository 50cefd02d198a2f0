import type { EarlierCalls } from '@parley/translation';

/** The two lanes: partials may be dropped and overtaken, finals never. */
export type Lane = 'partial' | 'final';

/**
 * The name of a lane's queue. The braces keep all keys of a queue in one slot of a Redis Cluster; the number is a shard.
 */
export function queueName(lane: Lane): string {
  return `{parley-${lane}-0}`;
}

/** Format version 1 of a job's data: a name for what is to be done, and no text. */
export interface JobData {
  readonly v: 1;
  readonly sessionId: string;
  readonly segmentId: number;
  readonly target: string;
  /** The number of the ticket (partials) or of the run (finals): part of the job's id. */
  readonly number: string;
}

/** A final's job carries on what was done when it is put back. */
export interface FinalJobData extends JobData {
  /** Calls that were made for it, as they stand once it is due again; jobs of older workers lack `elapsedMs`. */
  readonly earlier?: (Omit<EarlierCalls, 'elapsedMs'> & Partial<Pick<EarlierCalls, 'elapsedMs'>>) | undefined;
  /** How often it could not be read. */
  readonly reads?: number | undefined;
}

/** A job for every revision, as `LATEST_WINS=off` asks for: it carries its text, since no slot keeps it. */
export interface RevisionJobData extends JobData {
  readonly revision: number;
  readonly text: string;
  /** What accompanies the text, as JSON. */
  readonly spoken: string;
  readonly settings: string;
  readonly tenant: string;
}

/** Ids hold no `:` (BullMQ's own separator) and are no integers. */
export function jobId({ sessionId, segmentId, target, number }: JobData): string {
  return `${sessionId}/${segmentId}/${target}/${number}`;
}
