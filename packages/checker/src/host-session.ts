import type { ConcludedTexts } from './concluded-texts.ts';
import type { CorrectionHistory } from './correction-history.ts';
import type { SentText } from './segment-history.ts';
import type { SessionHistory } from './session-history.ts';

/** A final as sent by the host of a session. */
export interface HostFinal extends SentText {
  /** When the host received `transcript.accepted`; `undefined` if it did not. */
  readonly acceptedAtMs: number | undefined;
  /** Log offsets of the results that the host received, by language. */
  readonly resolvedAt: ReadonlyMap<string, readonly number[]>;
  /** The target languages of the host for this final. */
  readonly targets: ReadonlySet<string>;
  /** How many duplicates are allowed, because the final was sent again as missing. */
  readonly repeats: number;
}

/** What the host of a session sent; the reference for checking its listeners. */
export interface HostSession {
  readonly sourceLanguage: string;
  readonly segments: ReadonlyMap<number, HostSegment>;
  /** What the host and the listeners that were compared with it were sent as concluded. */
  readonly concluded: ConcludedTexts;
  /** The corrections that the host received. */
  readonly corrections: CorrectionHistory;
}

export interface HostSegment {
  readonly revisions: ReadonlyMap<number, SentText>;
  readonly final: HostFinal | undefined;
}

export function hostSessionOf({ settings, segments, concluded, corrections }: SessionHistory): HostSession {
  const host = [...segments].map(([segmentId, segment]): [number, HostSegment] => {
    const { revisions, final, targets } = segment;
    if (final === undefined || final.state === 'refused') return [segmentId, { revisions, final: undefined }];
    const resolvedAt = new Map([...targets].map(([target, { resolvedAt: offsets }]) => [target, [...offsets]]));
    const { text, language, atMs, acceptedAtMs } = final;
    const { repeats } = segment;
    const due = new Set(segment.dueTargets);
    return [segmentId, { revisions, final: { text, language, atMs, acceptedAtMs, resolvedAt, targets: due, repeats } }];
  });
  return { sourceLanguage: settings.current.sourceLanguage, segments: new Map(host), concluded, corrections };
}
