import { setTimeout as delay } from 'node:timers/promises';
import {
  partialJobs,
  QueueLatencyMonitor,
  type JobOutcome,
  type QueueProducer,
  type QueueWork,
  type PartialJobData,
} from '@parley/queues';
import { uniqueName } from '@parley/redis/connection';
import {
  segmentLeaseMs,
  type HolderBalance,
  type SegmentStore,
  type WorkChannels,
  type WorkListener,
  type WorkMessage,
} from '@parley/redis/segment';
import { EventLoopLoad } from '@parley/telemetry';
import { segmentsToRelease } from './decide-release.ts';
import { segmentsToGiveUp } from './decide-share.ts';
import { HeldSegment, type HeldSegmentDependencies } from './held-segment.ts';
import { LoopTurns } from './loop-turns.ts';

export interface SegmentHolderDependencies extends HeldSegmentDependencies {
  readonly segments: SegmentStore;
  readonly channels: WorkChannels;
  readonly balance: HolderBalance;
  readonly queues: QueueProducer;
  /** How many segments this thread holds at most; jobs of further ones wait. */
  readonly maxHeld: number;
}

const renewEveryMs = segmentLeaseMs / 4;
const balanceEveryMs = 1000;
/** A segment without activity for longer is released, and taken again with its next partial. */
const idleAfterMs = 10_000;
/** How often a thread that holds the most segments it may looks for some to release. */
const releaseEveryMs = 200;
/** Time limit for the hand-over; if Redis is unavailable, the lease expires by itself. */
const handOverWithinMs = 2000;
/** Delay that keeps this thread from taking a segment that it has just given up. */
const giveUpDelayMs = 50;
/** A segment that has ended this many threads is left to its next revision, whose job has another number. */
const maxStalls = 3;
/** The job of a final follows its segment within milliseconds, unless jobs have to wait. */
const rememberedForMs = 5000;

/** Buffers a session's messages while a segment is being taken, and passes them on once it is held. */
class SegmentTaker implements WorkListener {
  readonly #early: WorkMessage[] = [];
  #hasMissed = false;
  #segment: WorkListener | undefined;

  taken(segment: WorkListener): void {
    this.#segment = segment;
    for (const message of this.#early) segment.message(message);
    if (this.#hasMissed) segment.missed();
  }

  message(message: WorkMessage): void {
    if (this.#segment === undefined) this.#early.push(message);
    else this.#segment.message(message);
  }

  missed(): void {
    if (this.#segment === undefined) this.#hasMissed = true;
    else this.#segment.missed();
  }
}

/** The open segments held by one worker thread. */
export class SegmentHolder implements AsyncDisposable {
  readonly #deps: SegmentHolderDependencies;
  readonly #held = new Set<HeldSegment>();
  readonly #renewing = new Set<string>();
  /** Until when the final of each segment that was settled here may come: see `hasHeld`. */
  readonly #settledUntilMs = new Map<string, number>();
  readonly #handOvers = new Set<Promise<void>>();
  readonly #releasing = new Set<HeldSegment>();
  /** Of segments that are taken: many may come at once, and a long text takes some milliseconds. */
  readonly #turns = new LoopTurns();
  #isBalancing = false;
  #isLookingForRoom = false;
  readonly #slotLatency = new QueueLatencyMonitor();
  readonly #timer: NodeJS.Timeout;
  readonly #balanceTimer: NodeJS.Timeout;
  readonly #releaseTimer: NodeJS.Timeout;
  readonly #loopLoad: EventLoopLoad;

  constructor(deps: SegmentHolderDependencies) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#maintain(), renewEveryMs);
    this.#timer.unref();
    this.#balanceTimer = setInterval(() => this.#try(() => this.#balance()), balanceEveryMs);
    this.#balanceTimer.unref();
    this.#releaseTimer = setInterval(() => this.#try(() => this.#releaseForOthers()), releaseEveryMs);
    this.#releaseTimer.unref();
    this.#loopLoad = new EventLoopLoad((utilization) => {
      deps.slots.adapt(utilization);
      deps.metrics.partialCallLimited(deps.slots.limit);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#balanceTimer);
    clearInterval(this.#releaseTimer);
    this.#loopLoad[Symbol.dispose]();
    await Promise.all(this.#handOvers);
  }

  /** Number of held segments. */
  get size(): number {
    return this.#held.size;
  }

  /**
   * Returns whether this thread held the segment until it was settled, some seconds ago at most. Calls that its final can take
   * over are then found in this thread.
   */
  hasHeld(sessionId: string, segmentId: number): boolean {
    return this.#settledUntilMs.has(keyOf(sessionId, segmentId));
  }

  /** Holds a job's segment until it is closed or idle; hands it over to another thread when the job's signal is aborted. */
  async hold({ data, stalls, signal }: QueueWork<PartialJobData>): Promise<JobOutcome> {
    if (stalls >= maxStalls) return 'done';
    const { sessionId, segmentId, number: job } = data;
    const { channels, segments } = this.#deps;
    using subscribed = new DisposableStack();
    const taker = new SegmentTaker();
    // Subscribe first: earlier revisions are read when taking the segment, later ones are received as messages.
    subscribed.use(await channels.subscribe(sessionId, taker));
    const taking = uniqueName();
    await this.#turns.next();
    const taken = await segments.take({ sessionId, segmentId }, job, taking);
    if (taken === undefined) return 'done';
    const segment = this.#turns.run(() => {
      const held = new HeldSegment({ sessionId, segmentId, job, taking }, taken, signal, this.#deps);
      taker.taken(held);
      return held;
    });
    const giveUp = (): void => segment.giveUp();
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    this.#held.add(segment);
    const end = await segment.over;
    signal.removeEventListener('abort', giveUp);
    this.#held.delete(segment);
    if (end === 'settled') this.#settledUntilMs.set(keyOf(sessionId, segmentId), performance.now() + rememberedForMs);
    if (end === 'given-up') {
      if (signal.aborted) await this.#handOver(segment);
      else this.#handOverLater(segment);
    }
    return 'done';
  }

  /** Hands a segment over when its job has ended, which this thread must not be given again. */
  #handOverLater(segment: HeldSegment): void {
    const handedOver = delay(giveUpDelayMs)
      .then(() => this.#handOver(segment))
      .catch((error: unknown) => {
        const { sessionId, segmentId } = segment.name;
        this.#deps.logger.warn({ err: error, sessionId, segmentId }, 'handing an open segment over failed');
      })
      .finally(() => this.#handOvers.delete(handedOver));
    this.#handOvers.add(handedOver);
  }

  /** Releases the segment and adds a job by which another thread takes it. */
  async #handOver({ name: { sessionId }, lease }: HeldSegment): Promise<void> {
    const handedOver = this.#deps.segments.release(sessionId, lease, true).then(async (release) => {
      if (release.status !== 'released' || release.job === undefined) return;
      await this.#deps.queues.add('partial', partialJobs(sessionId, [release.job]));
    });
    const late = new AbortController();
    await Promise.race([
      handedOver,
      delay(handOverWithinMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  #maintain(): void {
    const nowMs = performance.now();
    for (const [key, untilMs] of this.#settledUntilMs) if (untilMs < nowMs) this.#settledUntilMs.delete(key);
    const { slots, notices } = this.#deps;
    if (this.#slotLatency.observe(slots.oldestWaitMs(), nowMs)) {
      for (const sessionId of slots.waitingSessions()) notices.publish(sessionId, 'overloaded');
    }
    for (const segment of this.#held) {
      if (segment.idleMs(nowMs) > idleAfterMs) this.#beginRelease(segment);
    }
    const due = [...this.#held].filter(
      (segment) => segment.leaseAgeMs(nowMs) >= renewEveryMs && !this.#releasing.has(segment),
    );
    for (const [sessionId, segments] of Map.groupBy(due, ({ name }) => name.sessionId)) {
      // A pending renewal means that Redis is slow or unavailable; no other is sent.
      if (this.#renewing.has(sessionId)) continue;
      this.#renewing.add(sessionId);
      this.#try(() => this.#renew(sessionId, segments).finally(() => this.#renewing.delete(sessionId)));
    }
  }

  async #renew(sessionId: string, held: readonly HeldSegment[]): Promise<void> {
    const sentAtMs = performance.now();
    const leases = held.map(({ lease }) => lease);
    const { wanted, leases: renewed } = await this.#deps.segments.renew(sessionId, leases);
    for (const [index, renewal] of renewed.entries()) held[index]?.renewed(renewal, wanted, sentAtMs);
  }

  #beginRelease(segment: HeldSegment): void {
    if (this.#releasing.has(segment)) return;
    this.#releasing.add(segment);
    this.#try(() => this.#releaseIdle(segment).finally(() => this.#releasing.delete(segment)));
  }

  /** Releases the segment, unless a newer revision has arrived; its next partial adds a new job. */
  async #releaseIdle(segment: HeldSegment): Promise<void> {
    const release = await this.#deps.segments.release(segment.name.sessionId, segment.lease, false);
    if (release.status === 'newer') segment.message(release.newer);
    else segment.end('renewal');
  }

  /** Gives up segments if other threads hold fewer: those that have been idle for longest, then those without calls. */
  async #balance(): Promise<void> {
    if (this.#isBalancing) return;
    this.#isBalancing = true;
    try {
      const count = segmentsToGiveUp(this.#held.size, await this.#deps.balance.report(this.#held.size));
      for (const segment of this.#idlest().slice(0, count)) segment.giveUp();
    } finally {
      this.#isBalancing = false;
    }
  }

  /** Releases segments while others wait for a thread to hold them. Their next partials wait in turn. */
  async #releaseForOthers(): Promise<void> {
    if (this.#held.size < this.#deps.maxHeld || this.#isLookingForRoom) return;
    this.#isLookingForRoom = true;
    try {
      const waitMs = await this.#deps.queues.nextPartialWaitMs();
      if (waitMs === undefined) return;
      const nowMs = performance.now();
      const held = [...this.#held].map((segment) => {
        const { tenant, name } = segment;
        return { segment, tenant, sessionId: name.sessionId, idleMs: segment.idleMs(nowMs) };
      });
      for (const { segment } of segmentsToRelease(held, waitMs)) this.#beginRelease(segment);
    } finally {
      this.#isLookingForRoom = false;
    }
  }

  #idlest(): HeldSegment[] {
    const nowMs = performance.now();
    return [...this.#held].sort((one, other) => other.idleMs(nowMs) - one.idleMs(nowMs));
  }

  #try(action: () => Promise<void>): void {
    action().catch((error: unknown) => this.#deps.logger.warn({ err: error }, 'maintaining open segments failed'));
  }
}

function keyOf(sessionId: string, segmentId: number): string {
  return `${sessionId} ${segmentId}`;
}
