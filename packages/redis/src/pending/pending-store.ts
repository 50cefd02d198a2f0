import type { RedisConnection } from '../connection/redis-connection.ts';
import { z } from 'zod';
import { readShown, type LogEntry, type PartialResult, type ShownCaption } from '../log/log-entry.ts';
import { textDigest } from '../script/digest.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';
import type { ListenersChanged } from '../session/listeners-changed.ts';
import type { SegmentTarget } from '../segment/segment-target.ts';
import { transcriptMetadataSchema, type TranscriptMetadata } from '../segment/transcript-metadata.ts';
import type { OutstandingFinal } from './outstanding-final.ts';
import { outstandingCost, quotaRefusal, type OutstandingQuota, type QuotaRefusal } from './outstanding-quota.ts';

const finalWorkSchema = z.object({ text: z.string(), metadata: transcriptMetadataSchema });

/** A final to be accepted. */
export interface SettleFinal {
  readonly sessionId: string;
  readonly connection: string;
  readonly segmentId: number;
  readonly text: string;
  readonly metadata: TranscriptMetadata;
  /** The languages requested by listeners, as known to the edge. */
  readonly listenerTargets: readonly string[];
  readonly targets: readonly string[];
  /** Targets that only listeners requested. */
  readonly listenersOnly: readonly string[];
  /**
   * Results for targets without an engine call: the source language itself, a segment with an empty final, or a
   * language pair that the engine is known not to support.
   */
  readonly copies: readonly (LogEntry & { type: 'translation' | 'failed' })[];
}

export type SettleResult =
  | { status: 'accepted'; outstanding: OutstandingFinal[] }
  | ListenersChanged
  | QuotaRefusal
  | { status: 'conflict' | 'too-old' | 'gone' | 'fenced' | 'owner-lost' | 'ending' | 'paused' };

export type FinalWork =
  | {
      status: 'outstanding';
      text: string;
      metadata: TranscriptMetadata;
      settings: SessionSettings;
      tenant: string;
      /** The text last shown for its target, from a partial's translation or a preview. */
      shown: ShownTranslation;
      /** How many finals of the session and target were accepted before it and may be unresolved. */
      backlogPosition: number;
      /**
       * Whether a worker thread held the segment with the same text for this target when it was settled; that thread hands
       * over its call or the result.
       */
      isHandedOver: boolean;
    }
  | { status: 'none' };

/** What is shown for a segment and target while its final is outstanding. */
export interface ShownTranslation {
  /** The newest revision that was put or previewed; -1 if there is none. */
  readonly revision: number;
  /** `undefined` if nothing was shown. */
  readonly caption: ShownCaption | undefined;
}

/** The result of a preview. `overtaken`: another preview was shown meanwhile. */
export type PreviewResult =
  | { readonly status: 'published'; readonly revision: number }
  | { readonly status: 'overtaken'; readonly shown: ShownTranslation }
  | { readonly status: 'none' };

/** The stored data of an accepted final is invalid or has another format version. */
export class UnreadableFinalError extends Error {
  override readonly name = 'UnreadableFinalError';
}

/** Accepted finals and their outstanding translations. */
export class PendingStore {
  readonly #settle: Script;
  readonly #read: Script;
  readonly #resolve: Script;
  readonly #preview: Script;
  readonly #renumber: Script;
  readonly #flush: Script;

  constructor(redis: RedisConnection) {
    this.#settle = defineScript(redis, 'parleySettle', new URL('settle.lua', import.meta.url));
    this.#read = defineScript(redis, 'parleyPendingRead', new URL('read.lua', import.meta.url));
    this.#resolve = defineScript(redis, 'parleyResolve', new URL('resolve.lua', import.meta.url));
    this.#renumber = defineScript(redis, 'parleyRenumber', new URL('renumber.lua', import.meta.url));
    this.#flush = defineScript(redis, 'parleyFlush', new URL('flush.lua', import.meta.url));
    this.#preview = defineScript(redis, 'parleyPreview', new URL('preview.lua', import.meta.url));
  }

  /**
   * Accepts a final: closes its segment and records its targets as outstanding. For the same final again it returns the
   * targets that are still outstanding. With the status `full` or `credit` nothing was accepted or stored.
   */
  async settle(final: SettleFinal, quota: OutstandingQuota): Promise<SettleResult> {
    const keys = sessionKeys(final.sessionId);
    const digest = textDigest(final.metadata.language, final.text);
    const transcript: LogEntry = {
      type: 'transcript',
      segmentId: final.segmentId,
      text: final.text,
      ...final.metadata,
    };
    const work = workOf(final);
    const [rawStatus, ...rest] = asStrings(
      await this.#settle(
        [
          keys.session,
          keys.segments,
          keys.pending,
          keys.log,
          keys.channel,
          keys.segment(final.segmentId),
          keys.open,
          keys.work,
        ],
        [
          final.connection,
          final.segmentId,
          digest,
          JSON.stringify(transcript),
          work,
          final.listenerTargets.join(','),
          final.listenersOnly.join(','),
          quota.maxBytes,
          quota.creditBytes,
          outstandingCost(work),
          final.targets.length,
          ...final.targets,
          ...final.copies.flatMap((copy) => [copy.targetLanguage, JSON.stringify(copy)]),
        ],
      ),
    );
    const exceeded = quotaRefusal(rawStatus, rest);
    if (exceeded !== undefined) return exceeded;
    const status = asStatus(rawStatus, [
      'accepted',
      'conflict',
      'too-old',
      'gone',
      'fenced',
      'owner-lost',
      'ending',
      'paused',
      'listeners',
    ]);
    if (status === 'listeners') return { status, listenerTargets: commaSeparated(rest[0] ?? '') };
    if (status !== 'accepted') return { status };
    return {
      status,
      outstanding: groupsOf(3, rest).map(([target = '', number = '', priority]) => ({
        segmentId: final.segmentId,
        target,
        number,
        priority: Number(priority),
      })),
    };
  }

  /**
   * Returns what a worker needs to translate a final, or `none` if it is resolved.
   *
   * @throws UnreadableFinalError if the stored data is invalid
   */
  async read({ sessionId, segmentId, target }: SegmentTarget): Promise<FinalWork> {
    const keys = sessionKeys(sessionId);
    const [rawStatus, work = '', settings = '', tenant = '', shown = '', position = '0', revision = '-1', handedOver] =
      asStrings(await this.#read([keys.session, keys.pending], [segmentId, target]));
    const status = asStatus(rawStatus, ['outstanding', 'none']);
    if (status === 'none') return { status };
    try {
      const { text, metadata } = finalWorkSchema.parse(JSON.parse(work));
      const details = {
        tenant,
        shown: shownTranslation(revision, shown),
        backlogPosition: Number(position),
        isHandedOver: handedOver === '1',
      };
      return { status, text, metadata, settings: parseSessionSettings(settings), ...details };
    } catch (cause) {
      throw new UnreadableFinalError('the stored data of an accepted final is invalid', { cause });
    }
  }

  /** Commits the result of a final and target; a second call changes nothing. */
  async resolve(
    { sessionId, segmentId, target }: SegmentTarget,
    result: LogEntry & { type: 'translation' | 'failed' },
  ): Promise<'resolved' | 'none'> {
    const keys = sessionKeys(sessionId);
    const translated = result.type === 'translation';
    const scriptKeys = [keys.session, keys.segments, keys.pending, keys.log, keys.channel];
    const [rawStatus] = asStrings(
      await this.#resolve(scriptKeys, [
        segmentId,
        target,
        JSON.stringify(result),
        translated ? 1 : 0,
        translated && result.cached ? 1 : 0,
        translated ? 0 : 1,
      ]),
    );
    const status = asStatus(rawStatus, ['resolved', 'more', 'none']);
    // A few at a time, since a script blocks Redis while it runs.
    for (let more: string | undefined = status; more === 'more';) {
      more = asStatus(asStrings(await this.#flush(scriptKeys, [target]))[0], ['more', 'flushed']);
    }
    return status === 'none' ? 'none' : 'resolved';
  }

  /**
   * Returns the next job number of an outstanding final or correction, replacing the given one; `undefined` if it is
   * resolved.
   */
  async renumber(
    { sessionId, segmentId, target, isCorrection }: SegmentTarget & { readonly isCorrection?: boolean | undefined },
    job: string,
  ): Promise<string | undefined> {
    const keys = sessionKeys(sessionId);
    const segment = isCorrection === true ? `c${segmentId}` : segmentId;
    const [number = ''] = asStrings(await this.#renumber([keys.session, keys.pending], [segment, target, job]));
    return number === '' ? undefined : number;
  }

  /**
   * Shows the beginning of a final's translation before it is complete.
   *
   * @param knownRevision the newest revision with which the caller has compared the preview
   */
  async preview(
    { sessionId, segmentId, target }: SegmentTarget,
    body: PartialResult,
    knownRevision: number,
  ): Promise<PreviewResult> {
    const keys = sessionKeys(sessionId);
    const [rawStatus, revision = '-1', shown = ''] = asStrings(
      await this.#preview(
        [keys.session, keys.pending, keys.channel],
        [segmentId, target, JSON.stringify(body), knownRevision],
      ),
    );
    const status = asStatus(rawStatus, ['published', 'overtaken', 'none']);
    if (status === 'overtaken') return { status, shown: shownTranslation(revision, shown) };
    return status === 'none' ? { status } : { status, revision: Number(revision) };
  }
}

/** What a worker needs to translate a final. */
function workOf({ text, metadata }: SettleFinal): string {
  return JSON.stringify({ text, metadata });
}

/** Returns how many bytes a final counts while all of its targets are outstanding. */
export function finalCost(final: SettleFinal): number {
  return outstandingCost(workOf(final)) * final.targets.length;
}

function shownTranslation(revision: string, shown: string): ShownTranslation {
  return { revision: Number(revision), caption: readShown(shown) };
}
