import type { SegmentWork } from '@parley/redis/segment';

interface TargetProgress {
  /** The newest revision that a call was begun for, and that isn't to be asked for again; -1: none. */
  begun: number;
  /** The newest revision that readers see; -1: none. */
  shown: number;
  /** The revisions of the calls under way. */
  readonly inFlight: Set<number>;
  /** No call is begun before: the rate limit has no room, or the engine is down. */
  notBeforeMs: number;
}

/** What became of a call on a partial. */
export type CallEnd =
  | { readonly type: 'shown' }
  /** It failed, or its result isn't wanted: the revision is not asked for again by itself. */
  | { readonly type: 'given-up' }
  /** It was not made: whatever is newest is asked for at this time. */
  | { readonly type: 'wait'; readonly untilMs: number };

/**
 * How far the translation of one open segment has come, by target: which revision is to be asked for next. It does nothing
 * itself.
 */
export class SegmentProgress {
  #newest: SegmentWork;
  #wanted: ReadonlySet<string> | undefined;
  readonly #targets = new Map<string, TargetProgress>();

  /** @param shown what targets were shown before this thread took the segment, by revision */
  constructor(newest: SegmentWork, shown: ReadonlyMap<string, { readonly revision: number }>) {
    this.#newest = newest;
    for (const [target, { revision }] of shown) this.#target(target).shown = revision;
    for (const progress of this.#targets.values()) progress.begun = progress.shown;
  }

  get newest(): SegmentWork {
    return this.#newest;
  }

  get hasCalls(): boolean {
    return [...this.#targets.values()].some(({ inFlight }) => inFlight.size > 0);
  }

  /** The newest revision that readers of a target see; -1: none. */
  shown(target: string): number {
    return this.#target(target).shown;
  }

  /**
   * A revision was put. The newest one put again is asked for again where it is neither shown nor under way.
   *
   * @returns for how many targets this replaced a revision that no call was begun for
   */
  put(work: SegmentWork): number {
    if (work.revision < this.#newest.revision) return 0;
    if (work.revision === this.#newest.revision) {
      for (const progress of this.#targets.values()) this.#askAgain(progress);
      return 0;
    }
    const superseded = this.#newest.targets.filter((name) => this.#target(name).begun < this.#newest.revision);
    this.#newest = work;
    return superseded.length;
  }

  /** The languages that anybody wants now: no call is begun for others. */
  want(targets: ReadonlySet<string>): void {
    this.#wanted = targets;
  }

  /** The targets whose newest revision waits for a call, where fewer than `maxInFlight` are under way. */
  due(maxInFlight: number, nowMs: number): string[] {
    return this.#newest.targets.filter((name) => {
      if (this.#wanted?.has(name) === false) return false;
      const { begun, inFlight, notBeforeMs } = this.#target(name);
      return begun < this.#newest.revision && inFlight.size < maxInFlight && notBeforeMs <= nowMs;
    });
  }

  /** A call on the newest revision begins. */
  begin(target: string): void {
    const progress = this.#target(target);
    progress.begun = this.#newest.revision;
    progress.inFlight.add(this.#newest.revision);
  }

  end(target: string, revision: number, end: CallEnd): void {
    const progress = this.#target(target);
    progress.inFlight.delete(revision);
    if (end.type === 'shown') progress.shown = Math.max(progress.shown, revision);
    if (end.type !== 'wait') return;
    progress.notBeforeMs = end.untilMs;
    this.#askAgain(progress);
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
