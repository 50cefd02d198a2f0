import type { Redis } from 'ioredis';
import { z } from 'zod';
import { shownText, type LogEntry, type PartialResult } from '../log/log-entry.ts';
import { textDigest } from '../script/digest.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';
import type { ListenersChanged } from '../session/listeners-changed.ts';
import type { SegmentTarget } from '../segment/segment-target.ts';
import { transcriptMetadataSchema, type TranscriptMetadata } from '../segment/transcript-metadata.ts';
import type { OutstandingFinal } from './outstanding-final.ts';

const workSchema = z.object({ text: z.string(), metadata: transcriptMetadataSchema });

/** A final on its way to be accepted. */
export interface SettleFinal {
  readonly sessionId: string;
  readonly connection: string;
  readonly segmentId: number;
  readonly text: string;
  readonly metadata: TranscriptMetadata;
  /** What listeners want, as its edge has heard. */
  readonly listenerTargets: readonly string[];
  /** Targets that an engine must translate. */
  readonly targets: readonly string[];
  /** Targets that only listeners want. */
  readonly listenersOnly: readonly string[];
  /**
   * Results of targets that go to no engine: the source language itself, a segment that was cleared, or a language pair
   * that the engine is known to lack.
   */
  readonly copies: readonly (LogEntry & { type: 'translation' | 'failed' })[];
}

export type SettleResult =
  | { status: 'accepted'; outstanding: OutstandingFinal[] }
  | ListenersChanged
  | { status: 'conflict' | 'too-old' | 'gone' | 'fenced' | 'forgotten' | 'ending' };

export type FinalWork =
  | {
      status: 'outstanding';
      text: string;
      metadata: TranscriptMetadata;
      settings: SessionSettings;
      tenant: string;
      /** What its target was last shown: by a partial's translation, or by a preview of its own. */
      shown: ShownTranslation;
      /** How many finals of the session and target that were accepted before it may still be unresolved. */
      backlogPosition: number;
      /** A worker thread held the segment with this very text when it was settled: it hands over its calls, or what came of them. */
      isHandedOver: boolean;
    }
  | { status: 'none' };

/** What readers of a segment's target see while its final is outstanding. */
export interface ShownTranslation {
  /** The newest revision that was put or previewed; -1: none was. */
  readonly revision: number;
  /** `undefined`: nothing was shown. */
  readonly text: string | undefined;
}

/** What became of a preview. `overtaken`: somebody else has shown another one since. */
export type PreviewResult =
  | { readonly status: 'published'; readonly revision: number }
  | { readonly status: 'overtaken'; readonly shown: ShownTranslation }
  | { readonly status: 'none' };

/** What is kept of an accepted final is of another version, or broken. */
export class UnreadableFinalError extends Error {
  override readonly name = 'UnreadableFinalError';
}

/** Accepted finals that wait for their translations. */
export class PendingStore {
  readonly #settle: Script;
  readonly #read: Script;
  readonly #resolve: Script;
  readonly #preview: Script;
  readonly #renumber: Script;

  constructor(redis: Redis) {
    this.#settle = defineScript(redis, 'parleySettle', new URL('settle.lua', import.meta.url));
    this.#read = defineScript(redis, 'parleyPendingRead', new URL('read.lua', import.meta.url));
    this.#resolve = defineScript(redis, 'parleyResolve', new URL('resolve.lua', import.meta.url));
    this.#renumber = defineScript(redis, 'parleyRenumber', new URL('renumber.lua', import.meta.url));
    this.#preview = defineScript(redis, 'parleyPreview', new URL('preview.lua', import.meta.url));
  }

  /** Closes the segment and notes what must be translated. The same final again gives what of it is still outstanding. */
  async settle(final: SettleFinal): Promise<SettleResult> {
    const keys = sessionKeys(final.sessionId);
    const digest = textDigest(final.metadata.language, final.text);
    const transcript: LogEntry = {
      type: 'transcript',
      segmentId: final.segmentId,
      text: final.text,
      ...final.metadata,
    };
    const [word, ...rest] = asStrings(
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
          JSON.stringify({ text: final.text, metadata: final.metadata }),
          final.listenerTargets.join(','),
          final.listenersOnly.join(','),
          final.targets.length,
          ...final.targets,
          ...final.copies.flatMap((copy) => [copy.targetLanguage, JSON.stringify(copy)]),
        ],
      ),
    );
    const status = asStatus(word, [
      'accepted',
      'conflict',
      'too-old',
      'gone',
      'fenced',
      'forgotten',
      'ending',
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
   * What a worker needs to translate a final, or `none` where it is resolved already.
   *
   * @throws UnreadableFinalError
   */
  async read({ sessionId, segmentId, target }: SegmentTarget): Promise<FinalWork> {
    const keys = sessionKeys(sessionId);
    const [word, work = '', settings = '', tenant = '', shown = '', behind = '0', revision = '-1', handedOver] =
      asStrings(await this.#read([keys.session, keys.pending], [segmentId, target]));
    const status = asStatus(word, ['outstanding', 'none']);
    if (status === 'none') return { status };
    try {
      const { text, metadata } = workSchema.parse(JSON.parse(work));
      const kept = {
        tenant,
        shown: shownTranslation(revision, shown),
        backlogPosition: Number(behind),
        isHandedOver: handedOver === '1',
      };
      return { status, text, metadata, settings: parseSessionSettings(settings), ...kept };
    } catch (cause) {
      throw new UnreadableFinalError('an accepted final can not be read', { cause });
    }
  }

  /** Commits the one result of a final and target; a second call changes nothing. */
  async resolve(
    { sessionId, segmentId, target }: SegmentTarget,
    result: LogEntry & { type: 'translation' | 'failed' },
  ): Promise<'resolved' | 'none'> {
    const keys = sessionKeys(sessionId);
    const translated = result.type === 'translation';
    const [status] = asStrings(
      await this.#resolve(
        [keys.session, keys.segments, keys.pending, keys.log, keys.channel],
        [segmentId, target, JSON.stringify(result), translated ? 1 : 0, translated && result.cached ? 1 : 0],
      ),
    );
    return asStatus(status, ['resolved', 'none']);
  }

  /** Gives an outstanding final the next job number, if it still has this one; `undefined` where it is resolved. */
  async renumber({ sessionId, segmentId, target }: SegmentTarget, job: string): Promise<string | undefined> {
    const keys = sessionKeys(sessionId);
    const [number = ''] = asStrings(await this.#renumber([keys.session, keys.pending], [segmentId, target, job]));
    return number === '' ? undefined : number;
  }

  /**
   * Shows the beginning of a final's translation while the rest is on its way.
   *
   * @param knownRevision the newest one that the caller has compared it with
   */
  async preview(
    { sessionId, segmentId, target }: SegmentTarget,
    body: PartialResult,
    knownRevision: number,
  ): Promise<PreviewResult> {
    const keys = sessionKeys(sessionId);
    const [word, revision = '-1', shown = ''] = asStrings(
      await this.#preview(
        [keys.session, keys.pending, keys.channel],
        [segmentId, target, JSON.stringify(body), knownRevision],
      ),
    );
    const status = asStatus(word, ['published', 'overtaken', 'none']);
    if (status === 'overtaken') return { status, shown: shownTranslation(revision, shown) };
    return status === 'none' ? { status } : { status, revision: Number(revision) };
  }
}

function shownTranslation(revision: string, shown: string): ShownTranslation {
  return { revision: Number(revision), text: shownText(shown) };
}
