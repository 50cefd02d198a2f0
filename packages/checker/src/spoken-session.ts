import type { SentText } from './segment-history.ts';
import type { SessionHistory } from './session-history.ts';

/** A final as the host of a session said it. */
export interface SpokenFinal extends SentText {
  /** When the host heard that it is safe; `undefined` where it did not. */
  readonly acceptedAtMs: number | undefined;
  /** Where in the log the host got its results, by language. */
  readonly resolvedAt: ReadonlyMap<string, readonly number[]>;
  /** The languages that it was translated into for the host. */
  readonly targets: ReadonlySet<string>;
  /** How often it may come again, since it was sent again as missing. */
  readonly repeats: number;
}

/** What a session's host said: what its listeners are judged by. */
export interface SpokenSession {
  readonly sourceLanguage: string;
  readonly segments: ReadonlyMap<number, SpokenSegment>;
}

export interface SpokenSegment {
  readonly revisions: ReadonlyMap<number, SentText>;
  readonly final: SpokenFinal | undefined;
}

export function spokenIn({ settings, segments }: SessionHistory): SpokenSession {
  const spoken = [...segments].map(([segmentId, segment]): [number, SpokenSegment] => {
    const { revisions, final, targets } = segment;
    if (final === undefined || final.state === 'refused') return [segmentId, { revisions, final: undefined }];
    const resolvedAt = new Map([...targets].map(([target, { resolvedAt: offsets }]) => [target, [...offsets]]));
    const { text, language, atMs, acceptedAtMs } = final;
    const { repeats } = segment;
    const due = new Set(segment.dueTargets);
    return [segmentId, { revisions, final: { text, language, atMs, acceptedAtMs, resolvedAt, targets: due, repeats } }];
  });
  return { sourceLanguage: settings.current.sourceLanguage, segments: new Map(spoken) };
}
