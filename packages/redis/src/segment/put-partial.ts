import { isBlank } from '@parley/protocol';
import type { PartialResult } from '../log/log-entry.ts';
import { textDigest } from '../script/digest.ts';
import { asStatus, commaSeparated } from '../script/reply.ts';
import type { ListenersChanged } from '../session/listeners-changed.ts';
import type { PartialJob } from './partial-job.ts';
import { partialJob } from './partial-job.ts';
import type { TranscriptMetadata } from './transcript-metadata.ts';
import type { SegmentWork } from './work-message.ts';

/** TTL of an open segment after its last partial. */
const idleSegmentMs = 120_000;
/** What a revision and a translation take besides their texts. */
const fieldBytes = 512;

/** A partial to put into its open segment. */
export interface PutPartial {
  readonly sessionId: string;
  readonly connection: string;
  readonly segmentId: number;
  readonly revision: number;
  readonly text: string;
  /** How many UTF-16 code units of `text` the recognizer will not change, if it says so. */
  readonly stableLength?: number | undefined;
  readonly metadata: TranscriptMetadata;
  /** Languages that need an engine call; if empty, the partial is only shown. */
  readonly targets: readonly string[];
  /** Messages for targets that need no translation; they are shown immediately. */
  readonly copies: readonly { readonly target: string; readonly body: PartialResult }[];
  /** The languages requested by listeners, as known to the edge. */
  readonly listenerTargets: readonly string[];
  readonly maxOpenSegments: number;
  /** What all open segments of the session may take in Redis together, with the translations that are shown. */
  readonly maxOpenBytes: number;
}

const refusals = ['gone', 'fenced', 'owner-lost', 'ending', 'paused', 'settled', 'too-old', 'stale'] as const;

export type PutRefusal = ListenersChanged | { status: (typeof refusals)[number] };

export type PutResult =
  | {
      status: 'put';
      /** The job to add to the partial queue. */
      job: PartialJob | undefined;
      /** Open segments evicted for the first partial of this one; their next partial opens them again. */
      evicted: readonly number[];
    }
  | PutRefusal;

/**
 * How many targets a partial may have: of a very long text in very many languages, the last ones are only translated when it is
 * final.
 */
export function maxPartialTargets({ text, maxOpenBytes }: Pick<PutPartial, 'text' | 'maxOpenBytes'>): number {
  return Math.floor(maxOpenBytes / (Buffer.byteLength(text) + fieldBytes));
}

/** Returns the arguments of `put.lua`. */
export function putArgs(partial: PutPartial): (string | number)[] {
  const { connection, segmentId, revision, text, targets, copies } = partial;
  const work = JSON.stringify(segmentWork(partial));
  return [
    connection,
    segmentId,
    revision,
    partial.maxOpenSegments,
    idleSegmentMs,
    partial.listenerTargets.join(','),
    isBlank(text) ? 1 : 0,
    targets.length === 0 ? '' : work,
    targets.join(','),
    (Buffer.byteLength(text) + fieldBytes) * (1 + targets.length + copies.length),
    partial.maxOpenBytes,
    ...copies.flatMap(({ target, body }) => [target, JSON.stringify(body)]),
  ];
}

function segmentWork({ segmentId, revision, text, stableLength, metadata, targets }: PutPartial): SegmentWork {
  const digest = textDigest(metadata.language, text);
  const stable = stableLength === undefined ? {} : { stableLength };
  return { v: 1, type: 'revision', segmentId, revision, text, ...stable, digest, metadata, targets: [...targets] };
}

/** Parses the reply of `put.lua`. */
export function parsePutReply({ segmentId }: PutPartial, values: readonly string[]): PutResult {
  const [rawStatus, more = '', openSegments = '', evicted = ''] = values;
  const status = asStatus(rawStatus, ['put', 'listeners', ...refusals]);
  if (status === 'listeners') return { status, listenerTargets: commaSeparated(more) };
  if (status !== 'put') return { status };
  return {
    status,
    job: partialJob(segmentId, more, Number(openSegments)),
    evicted: commaSeparated(evicted).map(Number),
  };
}
