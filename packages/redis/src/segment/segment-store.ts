import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { shownText, type PartialResult } from '../log/log-entry.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';
import { partialJob, type PartialJob } from './partial-job.ts';
import { putArgs, putResultIn, type PutPartial, type PutResult } from './put-partial.ts';
import type { SegmentTarget } from './segment-target.ts';
import { parseSegmentWork, type SegmentWork } from './work-message.ts';

/** How long the lease on an open segment holds without being renewed. */
export const segmentLeaseMs = 1500;

/** An open segment of a session. */
export interface OpenSegment {
  readonly sessionId: string;
  readonly segmentId: number;
}

/** What a target was last shown. */
export interface ShownPartial {
  readonly revision: number;
  readonly text: string | undefined;
}

/** What a worker thread gets that takes an open segment. */
export interface TakenSegment {
  /** Which taking of the segment this is: whatever an earlier holder still commits is refused. */
  readonly fence: string;
  readonly work: SegmentWork;
  readonly settings: SessionSettings;
  readonly tenant: string;
  /** By target. */
  readonly shown: ReadonlyMap<string, ShownPartial>;
}

/** The right to a segment, as its holder names it. */
export interface SegmentLease {
  readonly segmentId: number;
  readonly fence: string;
  /** The newest revision that the holder knows: it is given a newer one. */
  readonly knownRevision: number;
}

/** `closed`: settled, evicted, or its session has ended; `fenced`: another thread holds it. */
export type CommitStatus = 'published' | 'overtaken' | 'unwanted' | 'closed' | 'fenced';

/** How a segment stands, as the renewal of its lease tells. */
export type RenewedLease =
  | { readonly status: 'held'; readonly newer: SegmentWork | undefined }
  | { readonly status: 'settled'; readonly digest: string }
  | { readonly status: 'closed' | 'fenced' };

export type Release =
  | { readonly status: 'released'; readonly job: PartialJob | undefined }
  | { readonly status: 'newer'; readonly newer: SegmentWork }
  | { readonly status: 'closed' | 'fenced' };

/** Open segments: the newest partial of each, what was shown of it, and which worker thread holds it. */
export class SegmentStore {
  readonly #put: Script;
  readonly #take: Script;
  readonly #commit: Script;
  readonly #renew: Script;
  readonly #release: Script;
  readonly #requeue: Script;

  constructor(redis: Redis) {
    const define = (name: string): Script =>
      defineScript(redis, `parleySegment_${name}`, new URL(`${name}.lua`, import.meta.url));
    this.#put = define('put');
    this.#take = define('take');
    this.#commit = define('commit');
    this.#renew = define('renew');
    this.#release = define('release');
    this.#requeue = define('requeue');
  }

  /** Makes this revision the newest of its segment, unless it is stale, tells the segment's holder, and shows the copies. */
  async put(partial: PutPartial): Promise<PutResult> {
    const keys = sessionKeys(partial.sessionId);
    const reply = await this.#put(
      [keys.session, keys.segments, keys.segment(partial.segmentId), keys.open, keys.work, keys.channel],
      putArgs(partial),
    );
    return putResultIn(partial, asStrings(reply));
  }

  /**
   * Takes an open segment for a job. The same `taking` may be repeated: it has the same fence, and reads what is newest now.
   *
   * @param taking names this run of the job, and nothing else
   * @returns `undefined` where the segment is open no more, or another job is due for it
   */
  async take(segment: OpenSegment, job: string, taking: string): Promise<TakenSegment | undefined> {
    const keys = sessionKeys(segment.sessionId);
    const [word, fence = '', , work = '', settings = '', tenant = '', ...shown] = asStrings(
      await this.#take([keys.session, keys.segment(segment.segmentId)], [job, taking, segmentLeaseMs]),
    );
    if (asStatus(word, ['taken', 'none']) === 'none') return undefined;
    return {
      fence,
      work: parseSegmentWork(work),
      settings: parseSessionSettings(settings),
      tenant,
      shown: new Map(
        groupsOf(3, shown).map(([target = '', revision, message = '']) => [
          target,
          { revision: Number(revision), text: shownText(message) },
        ]),
      ),
    };
  }

  /** Publishes a translation unless a newer one or the final was there first, and renews the lease. */
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
      newer: workIn(newer),
    };
  }

  /** Renews leases on segments of one session; gives how each of them stands, and the languages that are wanted. */
  async renew(
    sessionId: string,
    leases: readonly SegmentLease[],
  ): Promise<{ wanted: ReadonlySet<string>; leases: RenewedLease[] }> {
    const keys = sessionKeys(sessionId);
    const [wanted = '', ...words] = asStrings(
      await this.#renew(
        [keys.session, keys.segments, ...leases.map(({ segmentId }) => keys.segment(segmentId))],
        [segmentLeaseMs, ...leases.flatMap(({ segmentId, fence, knownRevision }) => [segmentId, fence, knownRevision])],
      ),
    );
    return {
      wanted: new Set(commaSeparated(wanted)),
      leases: groupsOf(2, words).map(([word, news = '']) => {
        const status = asStatus(word, ['held', 'fenced', 'settled', 'closed']);
        if (status === 'held') return { status, newer: workIn(news) };
        return status === 'settled' ? { status, digest: news } : { status };
      }),
    };
  }

  /**
   * Ends a lease.
   *
   * @param isHandedOver another thread is to hold the segment at once; otherwise nothing is given back that has a revision
   * newer than the holder knows
   */
  async release(
    sessionId: string,
    { segmentId, fence, knownRevision }: SegmentLease,
    isHandedOver: boolean,
  ): Promise<Release> {
    const [word, more = ''] = asStrings(
      await this.#release([sessionKeys(sessionId).segment(segmentId)], [fence, knownRevision, isHandedOver ? 1 : 0]),
    );
    const status = asStatus(word, ['released', 'newer', 'closed', 'fenced']);
    if (status === 'released') return { status, job: partialJob(segmentId, more, 0) };
    return status === 'newer' ? { status, newer: parseSegmentWork(more) } : { status };
  }

  /**
   * Has segments translated again whose newest revision was put but not shown: by whoever holds them, or by the jobs that
   * this names.
   *
   * @param segments these alone; none: every open one
   */
  async requeue(sessionId: string, segments: readonly number[]): Promise<PartialJob[]> {
    const keys = sessionKeys(sessionId);
    const [openSegments, ...words] = asStrings(
      await this.#requeue([keys.session, keys.open, keys.work], [randomUUID(), keys.segmentPrefix, ...segments]),
    );
    return groupsOf(2, words).flatMap(
      ([segment, number = '']) => partialJob(Number(segment), number, Number(openSegments)) ?? [],
    );
  }
}

function workIn(json = ''): SegmentWork | undefined {
  return json === '' ? undefined : parseSegmentWork(json);
}
