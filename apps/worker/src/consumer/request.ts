import type { SessionSettings, SlotName, Spoken } from '@parley/state';
import type { JobRequest } from '@parley/translation';

/** What to ask the engine for, out of what a session keeps. */
export function translationRequest(
  work: { readonly text: string; readonly spoken: Spoken; readonly settings: SessionSettings },
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
    scope: sessionId,
    session: sessionId,
    signal,
  };
}
