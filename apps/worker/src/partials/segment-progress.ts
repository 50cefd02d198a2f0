import { isBlank } from '@parley/protocol';
import type { SegmentWork } from '@parley/redis/segment';

interface TargetProgress {
  /** The newest revision for which a call was started and which needs no other; -1: none. */
  begun: number;
  /** The newest revision shown; -1: none. */
  shown: number;
  /** Revisions of the calls in progress. */
  readonly inFlight: Set<number>;
  /** No call starts earlier, since the rate limit has no capacity or the engine is down. */
  notBeforeMs: number;
}

/** How a partial's call ended. */
export type CallEnd =
  | { readonly type: 'shown' }
  /** It failed or its result is not needed; the revision is not retried. */
  | { readonly type: 'given-up' }
  /** Its target was not requested any more; if it is requested again, the newest revision is translated. */
  | { readonly type: 'cancelled' }
  /** It was not made, or not for a requested target; the newest revision is translated at that time. */
  | { readonly type: 'wait'; readonly untilMs: number };

/** How many older revisions may be used for what is shown early. */
const mostReceived = 32;

/** A revision without its text. */
type ReceivedRevision = Pick<SegmentWork, 'revision' | 'targets'> & { readonly language: string };

/** Tracks, for each target of an open segment, which revisions are shown or in progress, and which one is due. Pure state. */
export class SegmentProgress {
  #newest: SegmentWork;
  /** The newest revision that is to be translated; -1: none. */
  #due = -1;
  #wanted: ReadonlySet<string> | undefined;
  /** Revisions before the newest one that have text, in ascending order. */
  readonly #received: ReceivedRevision[] = [];
  readonly #targets = new Map<string, TargetProgress>();

  /**
   * @param newest to be translated
   * @param shown translations shown before this thread took the segment, by target
   */
  constructor(newest: SegmentWork, shown: ReadonlyMap<string, { readonly revision: number }>) {
    this.#newest = newest;
    this.#due = newest.revision;
    for (const [target, { revision }] of shown) this.#target(target).shown = revision;
    for (const progress of this.#targets.values()) progress.begun = progress.shown;
  }

  get newest(): SegmentWork {
    return this.#newest;
  }

  get hasCalls(): boolean {
    return [...this.#targets.values()].some(({ inFlight }) => inFlight.size > 0);
  }

  /** The newest revision of a target that is shown; -1: none. */
  shown(target: string): number {
    return this.#target(target).shown;
  }

  /**
   * Records a revision. If it is the newest one again, possibly with other targets, it becomes due again unless it is
   * shown or in progress.
   *
   * @param isDue whether it is to be translated; if not, nothing is until a later revision
   * @returns for how many targets it replaced a revision without a call
   */
  put(work: SegmentWork, isDue = true): number {
    if (work.revision < this.#newest.revision) return 0;
    if (work.revision === this.#newest.revision) {
      this.#newest = work;
      if (isDue) this.#due = work.revision;
      for (const progress of this.#targets.values()) this.#askAgain(progress);
      return 0;
    }
    const superseded = this.#newest.targets.filter(
      (name) => this.#isWanted(name) && this.#target(name).begun < this.#due,
    );
    this.#remember(this.#newest);
    this.#newest = work;
    if (isDue) this.#due = work.revision;
    return isDue ? superseded.length : 0;
  }

  /** Sets the requested languages; no calls are started for others. */
  want(targets: ReadonlySet<string>): void {
    this.#wanted = targets;
  }

  /** Returns the targets whose newest revision needs a call and that have fewer than `maxInFlight` in progress. */
  due(maxInFlight: number, nowMs: number): string[] {
    return this.#newest.targets.filter((name) => {
      if (!this.#isWanted(name)) return false;
      const { begun, inFlight, notBeforeMs } = this.#target(name);
      return begun < this.#due && inFlight.size < maxInFlight && notBeforeMs <= nowMs;
    });
  }

  /** Records the start of a call for the newest revision. */
  begin(target: string): void {
    const progress = this.#target(target);
    progress.begun = this.#newest.revision;
    progress.inFlight.add(this.#newest.revision);
  }

  /**
   * Returns a revision under which the beginning of a newer one's translation can be shown: one of the same language that was
   * received, is above the newest one shown, and below every revision with a call in progress, none of which it may overtake.
   * `undefined`: there is none.
   */
  spare(target: string, work: SegmentWork): number | undefined {
    const below = Math.min(work.revision, ...this.#target(target).inFlight);
    return this.#spares(target, work).find((revision) => revision < below);
  }

  /** Whether there is such a revision, or will be one if the calls in progress end without showing theirs. */
  mayHaveSpare(target: string, work: SegmentWork): boolean {
    return this.#spares(target, work).some((revision) => revision < work.revision);
  }

  /** Records that something is shown under a spare revision. */
  useSpare(target: string, revision: number): void {
    this.#target(target).shown = revision;
  }

  end(target: string, revision: number, end: CallEnd): void {
    const progress = this.#target(target);
    progress.inFlight.delete(revision);
    if (end.type === 'shown') progress.shown = Math.max(progress.shown, revision);
    if (end.type === 'wait') progress.notBeforeMs = end.untilMs;
    if (end.type === 'wait' || end.type === 'cancelled') this.#askAgain(progress);
  }

  #remember({ revision, text, targets, metadata: { language } }: SegmentWork): void {
    if (isBlank(text)) return;
    this.#received.push({ revision, targets, language });
    if (this.#received.length > mostReceived) this.#received.shift();
  }

  #spares(target: string, { metadata }: SegmentWork): number[] {
    const { shown } = this.#target(target);
    return this.#received
      .filter(({ targets, language }) => language === metadata.language && targets.includes(target))
      .map(({ revision }) => revision)
      .filter((revision) => revision > shown);
  }

  #isWanted(target: string): boolean {
    return this.#wanted?.has(target) !== false;
  }

  #askAgain(progress: TargetProgress): void {
    progress.begun = Math.max(progress.shown, ...progress.inFlight);
  }

  #target(name: string): TargetProgress {
    const known = this.#targets.get(name);
    if (known !== undefined) return known;
    const progress: TargetProgress = { begun: -1, shown: -1, inFlight: new Set(), notBeforeMs: -Infinity };
    this.#targets.set(name, progress);
    return progress;
  }
}
