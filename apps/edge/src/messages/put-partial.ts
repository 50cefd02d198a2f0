import type { TranscriptPartial } from '@parley/protocol';
import { maxPartialTargets, type PutPartial, type PutRefusal } from '@parley/redis/segment';
import type { ListenersChanged } from '@parley/redis/session';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { newSegmentWork } from '../limits/frame-cost.ts';
import { transcriptTarget } from '../delivery/delivery.ts';
import { stableLength } from './stable-length.ts';
import { traceCaption, withTrace } from './trace-caption.ts';
import { requestWithListenerTargets, type Transcript } from './transcript.ts';

interface PutOptions {
  readonly translate: boolean;
}

/**
 * Adds a partial to its segment. Targets that need no translation receive it immediately; unless `translate` is
 * false, the others receive it when the worker thread that holds the segment has translated it.
 *
 * @returns whether it was added; `false` if it is stale
 * @throws Refusal or SessionLostError if the session takes no partials
 */
export async function putPartial(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
  options: PutOptions,
): Promise<boolean> {
  const { served, tenant } = session;
  const { receivedAtMs } = context;
  return await traceCaption({ message, sessionId: served.sessionId, tenant, receivedAtMs }, () =>
    put(transcript, message, session, context, options),
  );
}

async function put(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
  { translate }: PutOptions,
): Promise<boolean> {
  const { deps } = context;
  const { served } = session;
  let partial: PutPartial | undefined;
  const { result } = await requestWithListenerTargets(transcript, message, session, context, (current) => {
    partial = buildPartial(current, message, session, context, translate);
    return deps.segments.put(partial);
  });
  if (result.status !== 'put' || partial === undefined) {
    if (result.status !== 'put') handleRefusal(result.status, context);
    return false;
  }
  handleEvicted(result.evicted, session, context);
  if (partial.targets.length > 0) served.watchdog.put(partial, performance.now());
  if (result.job !== undefined) {
    context.connection.charge(newSegmentWork);
    deps.metrics.partialJobAdded();
    await deps.queues.addPartial(session.tenant, served.sessionId, result.job);
  }
  return true;
}

function buildPartial(
  { metadata: untraced, translated, copied, isTranscriptWanted, listenerTargets }: Transcript,
  { segmentId, revision, text, stable }: TranscriptPartial,
  { served, fencingToken }: OwnedSession,
  { deps }: MessageContext,
  translate: boolean,
): PutPartial {
  const metadata = withTrace(untraced);
  const translationOf = (target: string): PutPartial['copies'][number] => ({
    target,
    body: {
      ...metadata,
      type: 'partial',
      segmentId,
      targetLanguage: target,
      text,
      flags: ['source'],
      queueMs: 0,
      engineMs: 0,
    },
  });
  const transcriptOf: PutPartial['copies'][number] = {
    target: transcriptTarget,
    body: { ...metadata, type: 'partial-transcript', segmentId, text },
  };
  const { maxOpenSegments, maxOpenBytes } = deps.limits;
  return {
    sessionId: served.sessionId,
    connection: fencingToken,
    segmentId,
    revision,
    text,
    stableLength: stableLength(text, stable),
    metadata,
    targets: translate ? translated.slice(0, maxPartialTargets({ text, maxOpenBytes })) : [],
    copies: [...copied.map(translationOf), ...(isTranscriptWanted ? [transcriptOf] : [])],
    listenerTargets,
    maxOpenSegments,
    maxOpenBytes,
  };
}

/**
 * Handles segments that were evicted because too many were open: nothing more is displayed for them until their next
 * partial.
 */
function handleEvicted(
  segments: readonly number[],
  { served, debouncer }: OwnedSession,
  { deps }: MessageContext,
): void {
  if (segments.length === 0) return;
  for (const segmentId of segments) {
    debouncer.failed(segmentId);
    served.watchdog.settled(segmentId);
  }
  deps.metrics.segmentsEvicted(segments.length);
}

/** Counts stale and late partials as ignored; throws for everything else. */
function handleRefusal(status: Exclude<PutRefusal, ListenersChanged>['status'], { deps }: MessageContext): void {
  switch (status) {
    case 'stale':
    case 'settled':
    case 'too-old':
    case 'paused':
      deps.metrics.partialIgnored(status);
      return;
    case 'gone':
    case 'fenced':
    case 'owner-lost':
      throw new SessionLostError(status);
    case 'ending':
      throw new Refusal('session-ending', 'the session is ending');
  }
}
