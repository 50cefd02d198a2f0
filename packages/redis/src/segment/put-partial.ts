import { isBlank } from '@parley/protocol';
import type { PartialResult } from '../log/log-entry.ts';
import { textDigest } from '../script/digest.ts';
import { asStatus, commaSeparated } from '../script/reply.ts';
import type { ListenersChanged } from '../session/listeners-changed.ts';
import type { PartialJob } from './partial-job.ts';
import { partialJob } from './partial-job.ts';
import type { TranscriptMetadata } from './transcript-metadata.ts';
import type { SegmentWork } from './work-message.ts';

/** How long an open segment is kept that nobody puts anything into. */
const idleSegmentMs = 120_000;

/** A partial on its way into its open segment. */
export interface PutPartial {
  readonly sessionId: string;
  readonly connection: string;
  readonly segmentId: number;
  readonly revision: number;
  readonly text: string;
  readonly metadata: TranscriptMetadata;
  /** Languages that an engine translates it to; none: it is only shown. */
  readonly targets: readonly string[];
  /** What is shown at once to targets that need no translation. */
  readonly copies: readonly { readonly target: string; readonly body: PartialResult }[];
  /** What listeners want, as its edge has heard. */
  readonly listenerTargets: readonly string[];
  readonly maxOpenSegments: number;
}

const refusals = ['gone', 'fenced', 'forgotten', 'ending', 'settled', 'too-old', 'stale'] as const;

/** Why a partial was not put. */
export type PutRefusal = ListenersChanged | { status: (typeof refusals)[number] };

export type PutResult =
  | {
      status: 'put';
      /** To be added to the queue of partials. */
      job: PartialJob | undefined;
      /** Open segments that were evicted for the first partial of this one: the next partial of one opens it again. */
      evicted: readonly number[];
    }
  | PutRefusal;

/** The arguments of `put.lua`. */
export function putArgs(partial: PutPartial): (string | number)[] {
  const { connection, segmentId, revision, text, targets, copies } = partial;
  return [
    connection,
    segmentId,
    revision,
    partial.maxOpenSegments,
    idleSegmentMs,
    partial.listenerTargets.join(','),
    isBlank(text) ? 1 : 0,
    targets.length === 0 ? '' : JSON.stringify(workOf(partial)),
    targets.join(','),
    ...copies.flatMap(({ target, body }) => [target, JSON.stringify(body)]),
  ];
}

function workOf({ segmentId, revision, text, metadata, targets }: PutPartial): SegmentWork {
  const digest = textDigest(metadata.language, text);
  return { v: 1, type: 'revision', segmentId, revision, text, digest, metadata, targets: [...targets] };
}

/** Reads the answer of `put.lua`. */
export function putResultIn({ segmentId }: PutPartial, words: readonly string[]): PutResult {
  const [word, more = '', openSegments = '', evicted = ''] = words;
  const status = asStatus(word, ['put', 'listeners', ...refusals]);
  if (status === 'listeners') return { status, listenerTargets: commaSeparated(more) };
  if (status !== 'put') return { status };
  return {
    status,
    job: partialJob(segmentId, more, Number(openSegments)),
    evicted: commaSeparated(evicted).map(Number),
  };
}
