import { laneJobs, type RevisionJobData } from '@parley/lanes';
import type { PutPartial, PutRefusal, PutResult } from '@parley/state';
import { typicalCallTokens } from '@parley/translation';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { transcriptTarget } from '../delivery/feed-item.ts';

/** Puts a partial and adds its jobs to the lane. @throws Refusal or SessionLostError where the session takes none */
export async function putTranslated(
  partial: PutPartial,
  session: OwnedSession,
  { deps, client }: MessageContext,
): Promise<PutResult['status']> {
  const { sessionId, segmentId, revision, targets } = partial;
  const result = await deps.slots.put(partial);
  if (result.status !== 'put') return refused(result, session, deps);
  deps.metrics.partialsSuperseded(result.superseded);
  deps.usage.saved(client, 'superseded', result.superseded * typicalCallTokens(partial.text));
  deps.metrics.ticketsMade(result.tickets.length);
  if (deps.latestWins) {
    session.served.unshown.put({ segmentId, revision, targets }, performance.now());
    await deps.lanes.add('partial', laneJobs(sessionId, result.tickets));
  } else {
    await deps.lanes.add('partial', revisionJobs(partial, session, client.tenant));
  }
  return 'put';
}

/** Shows a partial to targets that need no translation. @throws as `putTranslated` */
export async function putCopies(
  partial: PutPartial,
  session: OwnedSession,
  { deps }: MessageContext,
): Promise<PutResult['status']> {
  const { segmentId, text, spoken } = partial;
  const result = await deps.slots.show(partial, (target) =>
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
  return result.status === 'put' ? 'put' : refused(result, session, deps);
}

/** Stale revisions and late arrivals are ignored and counted; what can't be done is told. */
function refused(refusal: PutRefusal, { served }: OwnedSession, deps: MessageContext['deps']): PutRefusal['status'] {
  switch (refusal.status) {
    case 'listeners':
      served.listenerTargets = refusal.listenerTargets;
      return refusal.status;
    case 'stale':
    case 'settled':
    case 'too-old':
      deps.metrics.partialIgnored(refusal.status);
      return refusal.status;
    case 'gone':
    case 'fenced':
    case 'forgotten':
      throw new SessionLostError(refusal.status);
    case 'ending':
      throw new Refusal('session-ending', 'the session is ending');
    case 'too-many-open':
      throw new Refusal(
        'too-many-open-segments',
        `${deps.limits.maxOpenSegments} segments wait for their final already`,
        'segmentId',
      );
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
