import type { SegmentTarget, TranscriptMetadata } from '@parley/redis/segment';
import type { SessionSettings } from '@parley/redis/session';
import type { EarlierFinal, JobRequest } from '@parley/translation';

/** A partial or final taken by a worker. */
interface TakenWork {
  readonly text: string;
  readonly metadata: TranscriptMetadata;
  readonly settings: SessionSettings;
  readonly tenant: string;
  readonly previous: JobRequest['previous'];
  readonly history?: readonly EarlierFinal[];
  readonly backlogPosition?: number;
  readonly isHandedOver?: boolean;
}

/** Builds a translation request from the state of a session. */
export function translationRequest(
  work: TakenWork,
  { sessionId, target }: SegmentTarget,
  kind: 'partial' | 'final',
  signal: AbortSignal,
): JobRequest {
  const { context, formality, glossary } = work.settings;
  const { text } = work;
  const source = work.metadata.language;
  return {
    text,
    source,
    target,
    kind,
    context,
    formality,
    glossary,
    history: work.history,
    previous: work.previous,
    tenant: work.tenant,
    session: sessionId,
    backlogPosition: work.backlogPosition,
    isHandedOver: work.isHandedOver,
    signal,
  };
}
