import type { SessionSettings, SegmentTarget, Spoken } from '@parley/state';
import { occurringTerms, type EarlierFinal, type JobRequest } from '@parley/translation';

/** A partial or a final as a worker takes it up. */
interface TakenWork {
  readonly text: string;
  readonly spoken: Spoken;
  readonly settings: SessionSettings;
  readonly tenant: string;
  readonly previous: string | undefined;
  readonly history?: readonly EarlierFinal[];
  readonly behind?: number;
  readonly isHandedOver?: boolean;
}

/** What to ask the engine for, out of what a session keeps. */
export function translationRequest(
  work: TakenWork,
  { sessionId, target }: SegmentTarget,
  kind: 'partial' | 'final',
  signal: AbortSignal,
): JobRequest {
  const { context, formality, glossary } = work.settings;
  const { text } = work;
  const source = work.spoken.language;
  return {
    text,
    source,
    target,
    kind,
    context,
    formality,
    glossary,
    terms: occurringTerms({ text, source, glossary }),
    history: work.history,
    previous: work.previous,
    tenant: work.tenant,
    session: sessionId,
    behind: work.behind,
    isHandedOver: work.isHandedOver,
    signal,
  };
}
