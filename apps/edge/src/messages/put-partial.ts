import { laneJobs, type RevisionJobData } from '@parley/lanes';
import type { TranscriptPartial } from '@parley/protocol';
import type { Evicted, ListenersChanged, PutPartial, PutRefusal } from '@parley/state';
import { typicalCallTokens } from '@parley/translation';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { transcriptTarget } from '../delivery/delivery.ts';
import { cancelCalls } from './cancel-calls.ts';
import { askForListeners, type Transcript } from './transcript.ts';

/**
 * Shows a partial to targets that need no translation. Gives the transcript with what listeners want by now.
 *
 * @throws Refusal or SessionLostError where the session takes no partials
 */
export async function showCopies(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Promise<Transcript> {
  const { segmentId, text } = message;
  const shown = await askForListeners(transcript, message, session, context, async (current) => {
    const targets = copiesOf(current);
    if (targets.length === 0) return { status: 'put', evicted: nothingEvicted } as const;
    const { spoken } = current;
    return context.deps.slots.show(partialOf(targets, current, message, session, context), (target) =>
      target === transcriptTarget
        ? { ...spoken, type: 'partial-transcript', segmentId, text }
        : {
            ...spoken,
            type: 'partial',
            segmentId,
            targetLanguage: target,
            text,
            flags: ['source'],
            queueMs: 0,
            engineMs: 0,
          },
    );
  });
  if (shown.result.status === 'put') onEvicted(shown.result.evicted, session, context);
  else refused(shown.result.status, context);
  return shown.transcript;
}

/** The targets of a transcript that need no translation. */
export function copiesOf({ copied, isTranscriptWanted }: Transcript): readonly string[] {
  return isTranscriptWanted ? [...copied, transcriptTarget] : copied;
}

/**
 * Puts a partial for the targets that are translated, and adds its jobs to the lane. Gives the transcript with what
 * listeners want by now; `undefined` where nothing was put, because it is stale.
 *
 * @throws Refusal or SessionLostError where the session takes no partials
 */
export async function putTranslated(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Promise<Transcript | undefined> {
  const { deps, connection } = context;
  const { client } = connection;
  const partialFor = (current: Transcript): PutPartial =>
    partialOf(current.translated, current, message, session, context);
  const { result, transcript: heard } = await askForListeners(transcript, message, session, context, (current) =>
    deps.slots.put(partialFor(current)),
  );
  if (result.status !== 'put') {
    refused(result.status, context);
    return undefined;
  }
  onEvicted(result.evicted, session, context);
  const partial = partialFor(heard);
  deps.metrics.partialsSuperseded(result.superseded);
  deps.usage.saved(client, 'superseded', result.superseded * typicalCallTokens(partial.text));
  deps.metrics.ticketsMade(result.tickets.length);
  if (deps.latestWins) {
    session.served.unshown.put(partial, performance.now());
    await deps.lanes.add('partial', laneJobs(partial.sessionId, result.tickets));
  } else {
    await deps.lanes.add('partial', revisionJobs(partial, session, client.tenant));
  }
  return heard;
}

function partialOf(
  targets: readonly string[],
  { spoken, listenerTargets }: Transcript,
  { segmentId, revision, text }: TranscriptPartial,
  { served, fencingToken }: OwnedSession,
  { deps }: MessageContext,
): PutPartial {
  const { maxOpenSegments } = deps.limits;
  const of = { sessionId: served.sessionId, connection: fencingToken, segmentId, revision };
  return { ...of, text, spoken, targets, listenerTargets, maxOpenSegments };
}

const nothingEvicted: Evicted = { segments: [], calls: [] };

/** Too many segments were open: nothing is shown any more of those that were evicted, until their next partial. */
function onEvicted({ segments, calls }: Evicted, { served, heldBack }: OwnedSession, { deps }: MessageContext): void {
  if (segments.length === 0) return;
  for (const segmentId of segments) {
    heldBack.failed(segmentId);
    served.unshown.settled(segmentId);
  }
  deps.metrics.segmentsEvicted(segments.length);
  cancelCalls(deps, served.sessionId, calls);
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

function revisionJobs(partial: PutPartial, session: OwnedSession, tenant: string): { data: RevisionJobData }[] {
  return partial.targets.map((target) => ({
    data: {
      v: 1,
      sessionId: partial.sessionId,
      segmentId: partial.segmentId,
      target,
      number: `r${partial.revision}`,
      revision: partial.revision,
      text: partial.text,
      spoken: JSON.stringify(partial.spoken),
      settings: JSON.stringify(session.settings),
      tenant,
    },
  }));
}
