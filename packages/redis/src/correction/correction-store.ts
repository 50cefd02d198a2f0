import { createHash } from 'node:crypto';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import type { CorrectedEntry, LogEntry } from '../log/log-entry.ts';
import { parseRow } from '../log/log-reader.ts';
import type { OutstandingFinal } from '../pending/outstanding-final.ts';
import {
  outstandingCost,
  quotaRefusal,
  type OutstandingQuota,
  type QuotaRefusal,
} from '../pending/outstanding-quota.ts';
import { UnreadableFinalError } from '../pending/pending-store.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import type { SegmentTarget } from '../segment/segment-target.ts';
import { transcriptMetadataSchema, type TranscriptMetadata } from '../segment/transcript-metadata.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';

/** A settled segment that can be corrected. */
export interface CorrectableSegment {
  /** The metadata of its final. */
  readonly metadata: TranscriptMetadata;
  /** The languages that its final was to be translated into. */
  readonly targets: readonly string[];
}

export type FoundSegment =
  ({ readonly status: 'found' } & CorrectableSegment) | { readonly status: 'gone' | 'not-settled' | 'too-old' };

interface Correction {
  readonly tenant: string;
  readonly sessionId: string;
  readonly segmentId: number;
  /** Identifies the correction of this segment and target: the same one again changes nothing. */
  readonly correctionId: string;
}

/** Another text of a segment. */
export interface TranscriptCorrection extends Correction {
  readonly entry: CorrectedEntry & { type: 'corrected-transcript' };
  /** The targets to translate anew. */
  readonly targets: readonly string[];
  /** The corrected translations that need no engine. */
  readonly copies: readonly (CorrectedEntry & { type: 'corrected' })[];
}

/** Another translation of a segment. */
export interface TranslationCorrection extends Correction {
  readonly entry: CorrectedEntry & { type: 'corrected' };
}

export type CorrectionResult =
  | { readonly status: 'accepted'; readonly outstanding: OutstandingFinal[] }
  | QuotaRefusal
  | { readonly status: 'gone' | 'ending' | 'not-settled' | 'too-old' | 'not-offered' };

export type CorrectionWork =
  | {
      readonly status: 'outstanding';
      /** Identifies the corrected text: a newer correction of the segment has another version. */
      readonly version: string;
      readonly text: string;
      readonly metadata: TranscriptMetadata;
      readonly settings: SessionSettings;
      readonly tenant: string;
      /** Set if no engine is needed. */
      readonly entry: (CorrectedEntry & { type: 'corrected' }) | undefined;
    }
  /** `early`: the final of the target comes first. */
  | { readonly status: 'early' | 'none' };

const workSchema = z.object({ text: z.string(), metadata: transcriptMetadataSchema });

/** Corrections of settled segments, and the outstanding translations of corrected texts. */
export class CorrectionStore {
  readonly #redis: RedisConnection;
  readonly #correct: Script;
  readonly #read: Script;
  readonly #resolve: Script;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#correct = defineScript(redis, 'parleyCorrect', new URL('correct.lua', import.meta.url));
    this.#read = defineScript(redis, 'parleyCorrectionRead', new URL('read.lua', import.meta.url));
    this.#resolve = defineScript(redis, 'parleyCorrectionResolve', new URL('resolve.lua', import.meta.url));
  }

  /** Finds a settled segment of a tenant's session. What a segment is does not change once it is settled. */
  async find(tenant: string, sessionId: string, segmentId: number): Promise<FoundSegment> {
    const keys = sessionKeys(sessionId);
    const [[owner, erased], [mark, floor, entry]] = await Promise.all([
      this.#redis.hmget(keys.session, 'tenant', 'erased'),
      this.#redis.hmget(keys.segments, `${segmentId}`, 'floor', `entry ${segmentId}`),
    ]);
    if (owner !== tenant || typeof erased === 'string') return { status: 'gone' };
    if (typeof mark !== 'string' || !mark.startsWith('s')) {
      return { status: segmentId <= Number(floor ?? '-1') ? 'too-old' : 'not-settled' };
    }
    const [offset, ...targets] = (entry ?? '').split(' ');
    const transcript = await this.#transcriptAt(sessionId, offset ?? '');
    if (transcript === undefined) return { status: 'too-old' };
    const { type: _type, segmentId: _segmentId, text: _text, ...metadata } = transcript;
    return { status: 'found', metadata, targets: targets.map((target) => target.slice(0, target.lastIndexOf(':'))) };
  }

  /** Corrects the text of a segment, or one of its translations. The same correction again changes nothing; with the status `full` or `credit` nothing was accepted. */
  async correct(
    correction: TranscriptCorrection | TranslationCorrection,
    quota: OutstandingQuota,
  ): Promise<CorrectionResult> {
    const { tenant, sessionId, segmentId, correctionId, entry } = correction;
    const keys = sessionKeys(sessionId);
    const target = entry.type === 'corrected' ? entry.targetLanguage : '';
    const { targets = [], copies = [] } = 'targets' in correction ? correction : {};
    const { type: _type, segmentId: _segmentId, text, ...metadata } = entry;
    const work = JSON.stringify({ text, metadata: transcriptMetadataSchema.parse(metadata) });
    const [rawStatus, ...rest] = asStrings(
      await this.#correct(
        [keys.session, keys.segments, keys.pending, keys.log, keys.channel],
        [
          tenant,
          segmentId,
          correctionName(correctionId, target),
          target,
          JSON.stringify(entry),
          work,
          quota.maxBytes,
          quota.creditBytes,
          outstandingCost(work),
          targets.length,
          ...targets,
          ...copies.flatMap((copy) => [copy.targetLanguage, JSON.stringify(copy)]),
        ],
      ),
    );
    const exceeded = quotaRefusal(rawStatus, rest);
    if (exceeded !== undefined) return exceeded;
    const status = asStatus(rawStatus, ['accepted', 'gone', 'ending', 'not-settled', 'too-old', 'not-offered']);
    if (status !== 'accepted') return { status };
    const outstanding = groupsOf(3, rest).map(([of = '', number = '', priority]) => ({
      segmentId,
      target: of,
      number,
      priority: Number(priority),
      isCorrection: true as const,
    }));
    return { status, outstanding };
  }

  /**
   * Returns what a worker needs to translate a corrected text.
   *
   * @throws UnreadableFinalError if the stored data is invalid
   */
  async read({ sessionId, segmentId, target }: SegmentTarget): Promise<CorrectionWork> {
    const keys = sessionKeys(sessionId);
    const [rawStatus, version = '', work = '', settings = '', tenant = '', entry = ''] = asStrings(
      await this.#read([keys.session, keys.segments, keys.pending], [segmentId, target]),
    );
    const status = asStatus(rawStatus, ['outstanding', 'early', 'none']);
    if (status !== 'outstanding') return { status };
    try {
      const { text, metadata } = workSchema.parse(JSON.parse(work));
      const copied = entry === '' ? undefined : (JSON.parse(entry) as CorrectedEntry & { type: 'corrected' });
      return { status, version, text, metadata, settings: parseSessionSettings(settings), tenant, entry: copied };
    } catch (cause) {
      throw new UnreadableFinalError('the stored data of a correction is invalid', { cause });
    }
  }

  /**
   * Commits the translation of a corrected text for a target; `undefined` if there is none, so that the earlier one stays. A
   * second call changes nothing.
   *
   * @param version that of the corrected text; `undefined` for the newest one
   * @returns `none` if a newer correction has replaced it
   */
  async resolve(
    { sessionId, segmentId, target }: SegmentTarget,
    version: string | undefined,
    entry: (CorrectedEntry & { type: 'corrected' }) | undefined,
    usage: { readonly isTranslated: boolean; readonly isCached: boolean } = { isTranslated: false, isCached: false },
  ): Promise<'resolved' | 'none'> {
    const keys = sessionKeys(sessionId);
    const [status] = asStrings(
      await this.#resolve(
        [keys.session, keys.segments, keys.pending, keys.log, keys.channel],
        [
          segmentId,
          target,
          version ?? '',
          entry === undefined ? '' : JSON.stringify(entry),
          usage.isTranslated ? 1 : 0,
          usage.isCached ? 1 : 0,
        ],
      ),
    );
    return asStatus(status, ['resolved', 'none']);
  }

  /** The log is the first to be trimmed; the transcript may not be kept. */
  async #transcriptAt(
    sessionId: string,
    offset: string,
  ): Promise<Extract<LogEntry, { type: 'transcript' }> | undefined> {
    if (offset === '') return undefined;
    const { log, transcript } = sessionKeys(sessionId);
    for (const key of [log, transcript]) {
      const [row] = await this.#redis.xrange(key, `${offset}-0`, `${offset}-0`);
      const entry = row === undefined ? undefined : parseRow(row).entry;
      if (entry?.type === 'transcript') return entry;
    }
    return undefined;
  }
}

/** A short name, because several are kept for each segment. Its first letter is that of no settled mark. */
function correctionName(correctionId: string, target: string): string {
  return `c${createHash('sha256').update(`${target}\n${correctionId}`).digest('base64url').slice(0, 21)}`;
}
