import type { Settings } from './session-settings.ts';

/** A transcript as it was sent. */
export interface SentText {
  readonly text: string;
  readonly language: string;
  readonly atMs: number;
}

/** One sending of a final. */
export interface SentFinal extends SentText {
  readonly id: string | undefined;
  readonly settings: Settings;
  state: 'sent' | 'accepted' | 'refused';
}

/** What was received for one segment and language. */
export interface TargetHistory {
  shownRevision: number;
  resolved: boolean;
}

/** What one client sent and received for one segment. */
export class SegmentHistory {
  readonly revisions = new Map<number, SentText>();
  readonly finals: SentFinal[] = [];
  readonly targets = new Map<string, TargetHistory>();

  /** The sending that counts: the first that was not refused. */
  get final(): SentFinal | undefined {
    return this.finals.find(({ state }) => state !== 'refused') ?? this.finals[0];
  }

  get isAccepted(): boolean {
    return this.finals.some(({ state }) => state === 'accepted');
  }

  /** After the final was sent, a long one may be previewed as further revisions, which count on from the last partial. */
  isPreview(revision: number): boolean {
    return this.finals.length > 0 && revision > Math.max(-1, ...this.revisions.keys());
  }

  target(targetLanguage: string): TargetHistory {
    let target = this.targets.get(targetLanguage);
    if (target === undefined) this.targets.set(targetLanguage, (target = { shownRevision: -1, resolved: false }));
    return target;
  }

  /** The revisions that a target had not caught up with before `shown` came. */
  *caughtUpBy(shown: number, after: number): Iterable<SentText> {
    for (const [revision, sent] of this.revisions) if (revision > after && revision <= shown) yield sent;
  }
}
