import type { Settings } from './session-settings.ts';

/** A transcript as it was sent. */
export interface SentText {
  readonly text: string;
  readonly language: string;
  readonly atMs: number;
}

/**
 * One sending of a final. It is `lost` when its connection went without an answer, so that it may have counted or not,
 * and `missing` when the server said that it never counted.
 */
export interface SentFinal extends SentText {
  readonly id: string | undefined;
  readonly settings: Settings;
  state: 'sent' | 'lost' | 'missing' | 'accepted' | 'refused';
  acceptedAtMs?: number;
}

/** What was received for one segment and language. */
export interface TargetHistory {
  shownRevision: number;
  /** The opening of the session (start, resume, join) after which that revision was shown. */
  shownInOpening: number;
  /** Offsets of the finals and failures. */
  readonly resolvedAt: number[];
}

export function newTarget(): TargetHistory {
  return { shownRevision: -1, shownInOpening: -1, resolvedAt: [] };
}

/** What one client sent and received for one segment. */
export class SegmentHistory {
  readonly revisions = new Map<number, SentText>();
  readonly finals: SentFinal[] = [];
  readonly targets = new Map<string, TargetHistory>();
  /** How often the final was sent again because the server called it missing. */
  repeats = 0;
  isMissing = false;

  /** The sending that counts: the first that was neither refused nor missing. */
  get final(): SentFinal | undefined {
    return this.#candidates[0] ?? this.finals[0];
  }

  get isAccepted(): boolean {
    return this.finals.some(({ state }) => state === 'accepted');
  }

  /** Whether the client still waits for the answer to a sending. */
  get isUnanswered(): boolean {
    return !this.isAccepted && this.finals.some(({ state }) => state === 'sent');
  }

  /** The targets for which a result must come; where it can't be told which sending counted, those of all of them. */
  get dueTargets(): string[] {
    const [first, ...others] = this.#candidates;
    return [...(first?.settings.targets ?? [])].filter((target) =>
      others.every(({ settings }) => settings.targets.has(target)),
    );
  }

  mayResolve(target: string): boolean {
    return this.#candidates.some(({ settings }) => settings.targets.has(target));
  }

  /** After the final was sent, a long one may be previewed as further revisions, which count on from the last partial. */
  isPreview(revision: number): boolean {
    return this.finals.length > 0 && revision > Math.max(-1, ...this.revisions.keys());
  }

  target(targetLanguage: string): TargetHistory {
    let target = this.targets.get(targetLanguage);
    if (target === undefined) this.targets.set(targetLanguage, (target = newTarget()));
    return target;
  }

  /** The revisions that a target had not caught up with before `shown` came. */
  *caughtUpBy(shown: number, after: number): Iterable<SentText> {
    for (const [revision, sent] of this.revisions) if (revision > after && revision <= shown) yield sent;
  }

  /** The sendings of which one counts: up to the first that was surely taken. */
  get #candidates(): SentFinal[] {
    const open = this.finals.filter(({ state }) => state !== 'refused' && state !== 'missing');
    const taken = open.findIndex(({ state }) => state === 'accepted');
    return taken === -1 ? open : open.slice(0, taken + 1);
  }
}
