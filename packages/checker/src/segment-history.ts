import type { Settings } from './session-settings.ts';

/** A transcript as it was sent. */
export interface SentText {
  readonly text: string;
  readonly language: string;
  readonly atMs: number;
}

/**
 * One attempt to send a final. `lost`: the connection ended without a reply, or the server could not tell, so it may or may
 * not have been accepted.
 * `missing`: the server reported that it never arrived.
 */
export interface FinalAttempt extends SentText {
  readonly id: string | undefined;
  readonly settings: Settings;
  state: 'sent' | 'lost' | 'missing' | 'accepted' | 'refused';
  acceptedAtMs?: number;
}

/** What was received for one segment and language. */
export interface TargetHistory {
  shownRevision: number;
  /** The opening of the session (start, resume, join) in which that revision was displayed. */
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
  readonly finals: FinalAttempt[] = [];
  readonly targets = new Map<string, TargetHistory>();
  /** How often the final was sent again because the server reported it missing. */
  repeats = 0;
  isMissing = false;

  /** The effective attempt: the first one that was neither refused nor missing. */
  get final(): FinalAttempt | undefined {
    return this.#candidates[0] ?? this.finals[0];
  }

  get isAccepted(): boolean {
    return this.finals.some(({ state }) => state === 'accepted');
  }

  /** Whether the client is still waiting for a reply to an attempt. */
  get isUnanswered(): boolean {
    return !this.isAccepted && this.finals.some(({ state }) => state === 'sent');
  }

  /**
   * The targets that must get a result; if several attempts may be the effective one, only those that all of them
   * share.
   */
  get dueTargets(): string[] {
    const [first, ...others] = this.#candidates;
    return [...(first?.settings.targets ?? [])].filter((target) =>
      others.every(({ settings }) => settings.targets.has(target)),
    );
  }

  mayResolve(target: string): boolean {
    return this.#candidates.some(({ settings }) => settings.targets.has(target));
  }

  /** A long final may be previewed as further revisions, numbered after the last partial. */
  isPreview(revision: number): boolean {
    return this.finals.length > 0 && revision > Math.max(-1, ...this.revisions.keys());
  }

  /** The language of a partial, or that of the final for a preview. */
  languageOf(revision: number): string | undefined {
    return (this.revisions.get(revision) ?? this.final)?.language;
  }

  target(targetLanguage: string): TargetHistory {
    let target = this.targets.get(targetLanguage);
    if (target === undefined) this.targets.set(targetLanguage, (target = newTarget()));
    return target;
  }

  /** The revisions between the previously displayed one and `shown`. */
  *caughtUpBy(shown: number, after: number): Iterable<SentText> {
    for (const [revision, sent] of this.revisions) if (revision > after && revision <= shown) yield sent;
  }

  /** The attempts that may be the effective one: up to the first that was accepted. */
  get #candidates(): FinalAttempt[] {
    const open = this.finals.filter(({ state }) => state !== 'refused' && state !== 'missing');
    const taken = open.findIndex(({ state }) => state === 'accepted');
    return taken === -1 ? open : open.slice(0, taken + 1);
  }
}
