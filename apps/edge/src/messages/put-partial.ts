import { partialJobs } from '@parley/queues';
import type { TranscriptPartial } from '@parley/protocol';
import type { PutPartial, PutRefusal } from '@parley/redis/segment';
import type { ListenersChanged } from '@parley/redis/session';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { transcriptTarget } from '../delivery/delivery.ts';
import { askForListeners, type Transcript } from './transcript.ts';

/**
 * Puts a partial into its segment: targets that need no translation are shown it at once, and unless `translate` is false the
 * others get it as soon as the worker thread that holds the segment has translated it.
 *
 * @returns whether it was put; `false` where it is stale
 * @throws Refusal or SessionLostError where the session takes no partials
 */
export async function putPartial(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
  { translate }: { readonly translate: boolean },
): Promise<boolean> {
  const { deps } = context;
  const { served } = session;
  let partial: PutPartial | undefined;
  const { result } = await askForListeners(transcript, message, session, context, (current) => {
    partial = partialOf(current, message, session, context, translate);
    return deps.segments.put(partial);
  });
  if (result.status !== 'put' || partial === undefined) {
    if (result.status !== 'put') refused(result.status, context);
    return false;
  }
  evicted(result.evicted, session, context);
  if (partial.targets.length > 0) served.watchdog.put(partial, performance.now());
  if (result.job !== undefined) {
    deps.metrics.partialJobAdded();
    await deps.queues.add('partial', partialJobs(served.sessionId, [result.job]));
  }
  return true;
}

function partialOf(
  { metadata, translated, copied, isTranscriptWanted, listenerTargets }: Transcript,
  { segmentId, revision, text }: TranscriptPartial,
  { served, fencingToken }: OwnedSession,
  { deps }: MessageContext,
  translate: boolean,
): PutPartial {
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
  return {
    sessionId: served.sessionId,
    connection: fencingToken,
    segmentId,
    revision,
    text,
    metadata,
    targets: translate ? translated : [],
    copies: [...copied.map(translationOf), ...(isTranscriptWanted ? [transcriptOf] : [])],
    listenerTargets,
    maxOpenSegments: deps.limits.maxOpenSegments,
  };
}

/** Too many segments were open: nothing is shown any more of those that were evicted, until their next partial. */
function evicted(segments: readonly number[], { served, debouncer }: OwnedSession, { deps }: MessageContext): void {
  if (segments.length === 0) return;
  for (const segmentId of segments) {
    debouncer.failed(segmentId);
    served.watchdog.settled(segmentId);
  }
  deps.metrics.segmentsEvicted(segments.length);
}

/** Stale revisions and late arrivals are ignored and counted; what can't be done is told. */
function refused(status: Exclude<PutRefusal, ListenersChanged>['status'], { deps }: MessageContext): void {
  switch (status) {
    case 'stale':
    case 'settled':
    case 'too-old':
      deps.metrics.partialIgnored(status);
      return;
    case 'gone':
    case 'fenced':
    case 'forgotten':
      throw new SessionLostError(status);
    case 'ending':
      throw new Refusal('session-ending', 'the session is ending');
  }
}
