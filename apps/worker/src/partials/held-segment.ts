import type { PartialResult } from '@parley/redis/log';
import {
  segmentLeaseMs,
  type CommitStatus,
  type RenewedLease,
  type SegmentLease,
  type SegmentStore,
  type SegmentWork,
  type TakenSegment,
  type WorkListener,
  type WorkMessage,
} from '@parley/redis/segment';
import type { UsageLedger } from '@parley/redis/usage';
import type { CancelledBy, Logger, WorkerMetrics } from '@parley/telemetry';
import {
  maxDueIntervalMs,
  sumCounts,
  typicalCallTokens,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
} from '@parley/translation';
import { partialCost } from '../calls/partial-cost.ts';
import { translationRequest } from '../calls/request.ts';
import type { CallSlot, CallSlots } from './call-slots.ts';
import { EarlyUpdates, type EarlyReply } from './early-updates.ts';
import { PartialCall, type PartialCallDependencies } from './partial-call.ts';
import { SegmentCalls } from './segment-calls.ts';
import { SegmentCaptions, type MeasuredCaption } from './segment-captions.ts';
import { SegmentProgress, type CallEnd } from './segment-progress.ts';
import { SlotRequests } from './slot-requests.ts';

export interface HeldSegmentDependencies extends PartialCallDependencies {
  readonly segments: Pick<SegmentStore, 'take' | 'commit'>;
  readonly translations: Pick<TranslationService, 'translatePartial' | 'share'>;
  readonly slots: CallSlots;
  /** Maximum concurrent calls of a segment for each target. */
  readonly maxInFlight: () => number;
  /** Whether the words of a reply are shown while it is streamed. */
  readonly showsEarly: () => boolean;
  readonly spending: Pick<UsageLedger, 'saved' | 'stability'>;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
}

/**
 * Wait after a result whose target was no longer requested: meanwhile, the message about the change arrives. It may be
 * requested again by then.
 */
const unwantedForMs = segmentLeaseMs / 4;

/** What is published of a revision, under its own number or that of an older one. */
interface CaptionUpdate {
  readonly work: SegmentWork;
  readonly revision: number;
  readonly caption: MeasuredCaption;
  readonly queueMs: number;
  readonly engineMs: number;
}

interface StreamedReply {
  readonly settledTranslation: string;
  readonly queueMs: number;
  readonly early: EarlyReply;
}

/** The held segment, and the run of the job for which it is held. */
export interface HeldSegmentName {
  readonly sessionId: string;
  readonly segmentId: number;
  readonly job: string;
  readonly taking: string;
}

/** `settled`: its final was accepted; `given-up`: the segment is still open, and is to be held by another thread. */
export type HoldEnd = 'closed' | 'settled' | 'given-up';

/**
 * An open segment held by this thread: receives newer revisions, has them translated for every target, and publishes the
 * results. Ends when the segment is settled, evicted or idle, when its session ends, or when another thread takes it.
 */
export class HeldSegment implements WorkListener {
  readonly name: HeldSegmentName;
  readonly #deps: HeldSegmentDependencies;
  readonly #signal: AbortSignal;
  readonly #progress: SegmentProgress;
  readonly #calls: SegmentCalls;
  readonly #captions: SegmentCaptions;
  readonly #earlyUpdates = new EarlyUpdates();
  readonly #slotRequests: SlotRequests;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Until the newest revision is repeated. */
  #repeatTimer: NodeJS.Timeout | undefined;
  readonly #over = Promise.withResolvers<HoldEnd>();
  #taken: TakenSegment;
  #isOver = false;
  #activeAtMs = performance.now();
  #leasedAtMs = performance.now();

  /** @param signal aborted when the worker stops, which ends the calls */
  constructor(name: HeldSegmentName, taken: TakenSegment, signal: AbortSignal, deps: HeldSegmentDependencies) {
    this.name = name;
    this.#deps = deps;
    this.#signal = signal;
    this.#taken = taken;
    this.#progress = new SegmentProgress(taken.work, taken.shown);
    this.#captions = new SegmentCaptions(taken.settings.stability, taken.shown);
    this.#calls = new SegmentCalls(deps);
    this.#slotRequests = new SlotRequests(deps.slots);
    this.#captions.observe(taken.work);
    this.#advance();
  }

  /** Resolves when the segment is no longer held. */
  get over(): Promise<HoldEnd> {
    return this.#over.promise;
  }

  get tenant(): string {
    return this.#taken.tenant;
  }

  get lease(): SegmentLease {
    const { segmentId } = this.name;
    return { segmentId, fence: this.#taken.fence, knownRevision: this.#progress.newest.revision };
  }

  /** Time since the lease was renewed, by a renewal or a commit. */
  leaseAgeMs(nowMs: number): number {
    return nowMs - this.#leasedAtMs;
  }

  /** Time since the last revision or translation. */
  idleMs(nowMs: number): number {
    return this.#progress.hasCalls || !this.#slotRequests.isEmpty ? 0 : nowMs - this.#activeAtMs;
  }

  message(message: WorkMessage): void {
    if ('segmentId' in message && message.segmentId !== this.name.segmentId) return;
    switch (message.type) {
      case 'revision':
        this.#put(message);
        break;
      case 'settled':
        this.#settled(message.digest, 'message');
        break;
      case 'settings':
        this.#want(new Set(message.targets.split(',')), 'message');
        this.missed();
        break;
      case 'evicted':
      case 'ended':
        this.end('message');
    }
  }

  /** Reads the newest revision and the session's settings from Redis. */
  missed(): void {
    const { sessionId, segmentId, job, taking } = this.name;
    this.#deps.segments.take({ sessionId, segmentId }, job, taking, this.#taken.fence).then(
      (taken) => {
        if (this.#isOver) return;
        if (taken === undefined) {
          this.end('renewal');
          return;
        }
        this.#taken = taken;
        this.#captions.change(taken.settings.stability);
        this.#catchUp(taken.work);
      },
      (error: unknown) =>
        this.#deps.logger.warn({ err: error, sessionId, segmentId }, 'reading an open segment failed'),
    );
  }

  /** Handles the renewal of the lease. @param wanted the requested languages of the session */
  renewed(renewal: RenewedLease, wanted: ReadonlySet<string>, sentAtMs: number): void {
    if (renewal.status === 'settled') this.#settled(renewal.digest, 'renewal');
    else if (renewal.status !== 'held') this.end('renewal');
    else {
      this.#leasedAtMs = Math.max(this.#leasedAtMs, sentAtMs);
      this.#want(wanted, 'renewal');
      this.#catchUp(renewal.newer);
    }
  }

  /** Ends the calls, so that another thread can hold the segment and make its own. */
  giveUp(): void {
    this.end('message', 'given-up');
  }

  /** Ends the calls and discards their results. */
  end(by: CancelledBy, why: HoldEnd = 'closed'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#slotRequests.cancelAll();
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#repeatTimer);
    this.#calls.cancelAll(by);
    this.#over.resolve(why);
  }

  /** Puts a revision that may have come as a message meanwhile. */
  #catchUp(work: SegmentWork | undefined): void {
    if (work !== undefined && work.revision > this.#progress.newest.revision) this.#put(work);
  }

  /** Records a revision. The newest one is repeated if it is not shown in every language, or has not changed for some time. */
  #put(work: SegmentWork): void {
    if (this.#isOver) return;
    this.#activeAtMs = performance.now();
    const before = this.#progress.newest;
    if (work.revision < before.revision) return;
    clearTimeout(this.#repeatTimer);
    const isDue = this.#captions.observe(work);
    if (!isDue) this.#repeatIfNewest(work);
    const superseded = this.#progress.put(work, isDue);
    if (superseded > 0) {
      this.#deps.metrics.partialsSuperseded(superseded);
      this.#deps.spending.saved(this.#taken, 'superseded', superseded * typicalCallTokens(before.text));
    }
    this.#advance();
  }

  /** Calls with the text of the final are handed over to it; the others are cancelled. */
  #settled(digest: string, by: CancelledBy): void {
    if (this.#isOver) return;
    const { behind, revisions } = this.#captions.uncounted();
    if (revisions > 0) {
      this.#deps.spending.stability(this.name.sessionId, { ...sumCounts([]), unitsBehind: behind, revisions });
    }
    if (!this.#taken.settings.useHistory) this.#calls.handOver(digest);
    this.end(by, 'settled');
  }

  #want(wanted: ReadonlySet<string>, by: CancelledBy): void {
    this.#progress.want(wanted);
    this.#calls.cancelUnwanted(wanted, by);
    this.#advance();
  }

  /** Requests a call slot for each target that needs one. */
  #advance(): void {
    if (this.#isOver) return;
    const { newest } = this.#progress;
    for (const target of this.#progress.due(this.#deps.maxInFlight(), performance.now())) {
      const work = { tenant: this.#taken.tenant, session: this.name.sessionId, cost: partialCost(newest.text) };
      this.#slotRequests.request(target, work, (slot) => void this.#call(target, slot));
    }
  }

  async #call(target: string, slot: CallSlot): Promise<void> {
    if (!this.#progress.due(this.#deps.maxInFlight(), performance.now()).includes(target)) {
      slot[Symbol.dispose]();
      return;
    }
    const work = this.#progress.newest;
    this.#progress.begin(target);
    let end: CallEnd = { type: 'given-up' };
    try {
      end = await this.#translate(target, work, slot);
    } catch (error) {
      const { sessionId, segmentId } = this.name;
      this.#deps.logger.error({ err: error, sessionId, segmentId, target }, 'translating a partial failed');
    }
    slot[Symbol.dispose]();
    this.#activeAtMs = performance.now();
    this.#progress.end(target, work.revision, end);
    if (end.type === 'wait') this.#advanceAt(end.untilMs);
    this.#advance();
  }

  async #translate(target: string, work: SegmentWork, slot: CallSlot): Promise<CallEnd> {
    const queueMs = Math.max(0, Date.now() - work.metadata.receivedAtMs);
    const known = this.#captions.translationOf(target, work.revision);
    if (known !== undefined) return await this.#show(target, work, { text: known, engineMs: 0 }, queueMs);
    this.#deps.metrics.jobWaited('partial', queueMs);
    const { settledTranslation, ...open } = this.#captions.request(target, work);
    const call = this.#newCall(target, work, open);
    this.#calls.begin(call);
    try {
      const early = this.#earlyUpdates.reply(target);
      const onProgress = this.#onProgress(call, { settledTranslation, queueMs, early });
      const translated = await call.translate(slot, call.request.isStreamed ? onProgress : undefined);
      if (!('text' in translated)) return translated;
      const { firstShownAtMs } = early;
      if (firstShownAtMs !== undefined) this.#deps.metrics.earlyReplyEnded(performance.now() - firstShownAtMs);
      const text = settledTranslation + translated.text;
      return await this.#show(target, work, { text, engineMs: translated.engineMs }, queueMs);
    } finally {
      this.#calls.end(call);
    }
  }

  #newCall(
    target: string,
    work: SegmentWork,
    open: { readonly text: string; readonly previous: JobRequest['previous'] },
  ): PartialCall {
    const { settings, tenant } = this.#taken;
    const { sessionId, segmentId } = this.name;
    const taken = { ...open, metadata: work.metadata, settings, tenant };
    const request = translationRequest(taken, { sessionId, segmentId, target }, 'partial', this.#signal);
    const isStreamed =
      this.#deps.showsEarly() && settings.stability === 'balanced' && this.#progress.mayHaveSpare(target, work);
    return new PartialCall(work, isStreamed ? { ...request, isStreamed } : request, this.#deps);
  }

  /** Returns what receives a streamed reply and shows the words that pass what is on the screen. */
  #onProgress({ work, request: { target } }: PartialCall, shown: StreamedReply): (reply: string) => void {
    const startedAtMs = performance.now();
    return (reply) => {
      const nowMs = performance.now();
      const given = shown.settledTranslation + reply;
      const isDue = shown.early.isDue(nowMs, given.length, this.#captions.expectedLength(target, work));
      if (this.#isOver || !isDue) return;
      const revision = this.#progress.spare(target, work);
      if (revision === undefined) return;
      const caption = this.#captions.begun(target, work, given, Date.now());
      if (caption === undefined) return;
      this.#progress.useSpare(target, revision);
      shown.early.shown(nowMs);
      this.#deps.metrics.earlyUpdateShown();
      const update = { work, revision, caption, queueMs: shown.queueMs, engineMs: nowMs - startedAtMs };
      // The whole reply follows.
      this.#commit(target, update).catch(() => undefined);
    };
  }

  async #show(
    target: string,
    work: SegmentWork,
    translated: Pick<TranslationResult, 'text' | 'engineMs'>,
    queueMs: number,
  ): Promise<CallEnd> {
    const { metrics } = this.#deps;
    if (this.#isOver) return { type: 'given-up' };
    const caption = this.#captions.translated(target, work, translated.text, Date.now());
    if (caption === 'unchanged') {
      // If no other revision follows, all of this one is shown.
      if (this.#progress.newest.revision === work.revision) this.#repeatIfNewest(work);
      return { type: 'given-up' };
    }
    if (caption === 'overtaken') {
      metrics.commitRefused('overtaken');
      return { type: 'given-up' };
    }
    const { engineMs } = translated;
    const status = await this.#commit(target, { work, revision: work.revision, caption, queueMs, engineMs });
    if (status === 'published') return { type: 'shown' };
    if (status === 'unwanted') return { type: 'wait', untilMs: performance.now() + unwantedForMs };
    return { type: 'given-up' };
  }

  async #commit(target: string, { work, revision, caption, queueMs, engineMs }: CaptionUpdate): Promise<CommitStatus> {
    const { segments, metrics } = this.#deps;
    const { sessionId, segmentId } = this.name;
    const body: PartialResult = {
      ...work.metadata,
      type: 'partial',
      segmentId,
      targetLanguage: target,
      ...caption,
      queueMs,
      engineMs: Math.round(engineMs),
    };
    const sentAtMs = performance.now();
    const { status, newer } = await segments.commit({ sessionId, segmentId, target }, this.lease, revision, body);
    this.#catchUp(newer);
    if (status === 'published') {
      this.#leasedAtMs = Math.max(this.#leasedAtMs, sentAtMs);
      this.#captions.published(target, caption);
      return status;
    }
    metrics.commitRefused(status);
    if (status === 'closed' || status === 'fenced') this.end('renewal');
    return status;
  }

  /** Repeats the newest revision after some time unless a newer one arrives: all of its translation is shown then. */
  #repeatIfNewest(work: SegmentWork): void {
    clearTimeout(this.#repeatTimer);
    this.#repeatTimer = setTimeout(() => this.#put(work), maxDueIntervalMs).unref();
  }

  #advanceAt(atMs: number): void {
    if (this.#isOver) return;
    // Timers count whole milliseconds: without rounding up, one may expire before this time, when no call is due yet.
    const delayMs = Math.ceil(Math.max(0, atMs - performance.now())) + 1;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#advance();
    }, delayMs);
    this.#timers.add(timer);
  }
}
