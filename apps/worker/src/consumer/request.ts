import type { SessionSettings, SlotName, Spoken } from '@parley/state';
import type { EarlierFinal, JobRequest } from '@parley/translation';

/** A partial or a final as a worker takes it up. */
interface TakenWork {
  readonly text: string;
  readonly spoken: Spoken;
  readonly settings: SessionSettings;
  readonly tenant: string;
  readonly previous: string | undefined;
  readonly history?: readonly EarlierFinal[];
  readonly behind?: number;
}

/** What to ask the engine for, out of what a session keeps. */
export function translationRequest(
  work: TakenWork,
  { sessionId, target }: SlotName,
  kind: 'partial' | 'final',
  signal: AbortSignal,
): JobRequest {
  const { context, formality, glossary } = work.settings;
  return {
    text: work.text,
    source: work.spoken.language,
    target,
    kind,
    context,
    formality,
    glossary,
    history: work.history,
    previous: work.previous,
    tenant: work.tenant,
    session: sessionId,
    behind: work.behind,
    signal,
  };
}
