import { randomUUID } from 'node:crypto';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { readShown, type PartialResult, type ShownCaption } from '../log/log-entry.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';
import { partialJob, type PartialJob } from './partial-job.ts';
import { putArgs, parsePutReply, type PutPartial, type PutResult } from './put-partial.ts';
import type { SegmentTarget } from './segment-target.ts';
import { parseSegmentWork, type SegmentWork } from './work-message.ts';

/** The lease of a worker thread on an open segment. */
export const segmentLeaseMs = 2400;

export interface OpenSegment {
  readonly sessionId: string;
  readonly segmentId: number;
}

/** The partial last shown for a target. */
export interface ShownPartial {
  readonly revision: number;
  /** `undefined` if it has another format version. */
  readonly caption: ShownCaption | undefined;
}

/** A segment that a worker thread has taken. */
export interface TakenSegment {
  /** The fencing token of this thread: commits of earlier holders are rejected. */
  readonly fence: string;
  readonly work: SegmentWork;
  readonly settings: SessionSettings;
  readonly tenant: string;
  /** By target. */
  readonly shown: ReadonlyMap<string, ShownPartial>;
}

/** The lease on a segment, as its holder identifies it. */
export interface SegmentLease {
  readonly segmentId: number;
  readonly fence: string;
  /** The newest revision known to the holder; calls return a newer one. */
  readonly knownRevision: number;
}

/**
 * `closed`: the segment was settled or evicted, or its session ended; `fenced`: it was released, or another thread holds it.
 */
export type CommitStatus = 'published' | 'overtaken' | 'unwanted' | 'closed' | 'fenced';

/** The state of a segment, as returned by the renewal of its lease. */
export type RenewedLease =
  | { readonly status: 'held'; readonly newer: SegmentWork | undefined }
  | { readonly status: 'settled'; readonly digest: string }
  | { readonly status: 'closed' | 'fenced' };

export type Release =
  | { readonly status: 'released'; readonly job: PartialJob | undefined }
  | { readonly status: 'newer'; readonly newer: SegmentWork }
  | { readonly status: 'closed' | 'fenced' };

/** Open segments: the newest partial of each, what was last shown, and which worker thread holds it. */
export class SegmentStore {
  readonly #put: Script;
  readonly #take: Script;
  readonly #commit: Script;
  readonly #renew: Script;
  readonly #release: Script;
  readonly #requeue: Script;

  constructor(redis: RedisConnection) {
    const define = (name: string): Script =>
      defineScript(redis, `parleySegment_${name}`, new URL(`${name}.lua`, import.meta.url));
    this.#put = define('put');
    this.#take = define('take');
    this.#commit = define('commit');
    this.#renew = define('renew');
    this.#release = define('release');
    this.#requeue = define('requeue');
  }

  /** Stores a revision unless it is stale, publishes it to the segment's holder, and shows the copies. */
  async put(partial: PutPartial): Promise<PutResult> {
    const keys = sessionKeys(partial.sessionId);
    const reply = await this.#put(
      [keys.session, keys.segments, keys.segment(partial.segmentId), keys.open, keys.work, keys.channel],
      putArgs(partial),
    );
    return parsePutReply(partial, asStrings(reply));
  }

  /**
   * Takes an open segment for a job. A repeated call with the same `taking` gets the same fence and the newest
   * revision, until the segment is released.
   *
   * @param taking unique name of this run of the job
   * @param heldFence the fence with which the caller holds the segment, in order to read it again
   * @returns `undefined` if the segment is no longer open, another job is due for it, or another thread has taken it
   * since `heldFence`
   */
  async take(segment: OpenSegment, job: string, taking: string, heldFence?: string): Promise<TakenSegment | undefined> {
    const keys = sessionKeys(segment.sessionId);
    const [rawStatus, fence = '', , work = '', settings = '', tenant = '', ...shown] = asStrings(
      await this.#take([keys.session, keys.segment(segment.segmentId)], [job, taking, segmentLeaseMs, heldFence ?? '']),
    );
    if (asStatus(rawStatus, ['taken', 'none']) === 'none') return undefined;
    return {
      fence,
      work: parseSegmentWork(work),
      settings: parseSessionSettings(settings),
      tenant,
      shown: new Map(
        groupsOf(3, shown).map(([target = '', revision, message = '']) => [
          target,
          { revision: Number(revision), caption: readShown(message) },
        ]),
      ),
    };
  }

  /** Publishes a translation unless a newer one or the final was shown first, and renews the lease. */
  async commit(
    { sessionId, segmentId, target }: SegmentTarget,
    { fence, knownRevision }: Omit<SegmentLease, 'segmentId'>,
    revision: number,
    body: PartialResult,
  ): Promise<{ status: CommitStatus; newer: SegmentWork | undefined }> {
    const keys = sessionKeys(sessionId);
    const [status, newer] = asStrings(
      await this.#commit(
        [keys.session, keys.segment(segmentId), keys.channel],
        [target, fence, revision, JSON.stringify(body), segmentLeaseMs, knownRevision],
      ),
    );
    return {
      status: asStatus(status, ['published', 'overtaken', 'unwanted', 'closed', 'fenced']),
      newer: optionalWork(newer),
    };
  }

  /** Renews leases on segments of one session. Returns the state of each segment, and the requested languages. */
  async renew(
    sessionId: string,
    leases: readonly SegmentLease[],
  ): Promise<{ wanted: ReadonlySet<string>; leases: RenewedLease[] }> {
    const keys = sessionKeys(sessionId);
    const [wanted = '', ...values] = asStrings(
      await this.#renew(
        [keys.session, keys.segments, ...leases.map(({ segmentId }) => keys.segment(segmentId))],
        [segmentLeaseMs, ...leases.flatMap(({ segmentId, fence, knownRevision }) => [segmentId, fence, knownRevision])],
      ),
    );
    return {
      wanted: new Set(commaSeparated(wanted)),
      leases: groupsOf(2, values).map(([rawStatus, update = '']) => {
        const status = asStatus(rawStatus, ['held', 'fenced', 'settled', 'closed']);
        if (status === 'held') return { status, newer: optionalWork(update) };
        return status === 'settled' ? { status, digest: update } : { status };
      }),
    };
  }

  /**
   * Releases a segment.
   *
   * @param isHandedOver whether another thread should take it at once; otherwise a segment with a newer revision than
   * the known one is not released
   */
  async release(
    sessionId: string,
    { segmentId, fence, knownRevision }: SegmentLease,
    isHandedOver: boolean,
  ): Promise<Release> {
    const keys = sessionKeys(sessionId);
    const [rawStatus, more = '', openSegments = ''] = asStrings(
      await this.#release([keys.segment(segmentId), keys.open], [fence, knownRevision, isHandedOver ? 1 : 0]),
    );
    const status = asStatus(rawStatus, ['released', 'newer', 'closed', 'fenced']);
    if (status === 'released') return { status, job: partialJob(segmentId, more, Number(openSegments)) };
    return status === 'newer' ? { status, newer: parseSegmentWork(more) } : { status };
  }

  /**
   * Requeues segments whose newest revision was put but not shown: publishes it again to their holders, and returns the
   * jobs to add for segments without a holder.
   *
   * @param segments only these; if empty, all open ones
   */
  async requeue(sessionId: string, segments: readonly number[]): Promise<PartialJob[]> {
    const keys = sessionKeys(sessionId);
    const [openSegments, ...values] = asStrings(
      await this.#requeue([keys.session, keys.open, keys.work], [randomUUID(), keys.segmentPrefix, ...segments]),
    );
    return groupsOf(2, values).flatMap(
      ([segment, number = '']) => partialJob(Number(segment), number, Number(openSegments)) ?? [],
    );
  }
}

function optionalWork(json = ''): SegmentWork | undefined {
  return json === '' ? undefined : parseSegmentWork(json);
}
