import type { TranscriptPartial } from '@parley/protocol';
import { laneJobs, type RevisionJobData } from '@parley/lanes';
import type { PutPartial, PutStatus } from '@parley/state';
import { typicalCallTokens } from '@parley/translation';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { transcriptTarget } from '../delivery/feed-item.ts';
import { requireLiveSession } from './require-session.ts';
import { readTranscript } from './transcript.ts';

export const transcriptPartial: MessageHandler<TranscriptPartial> = async (message, context) => {
  const { deps } = context;
  const session = requireLiveSession(context);
  const { spoken, translated, copied, isTranscriptWanted } = await readTranscript(message, session, context);
  if (!deps.isRedisReady()) {
    deps.metrics.partialIgnored('redis-away');
    return; // A newer one will come; a queue in memory would only be late.
  }
  const { sessionId } = session.served;
  const connection = session.owner.mark();
  const { segmentId, revision, text } = message;
  const { maxOpenSegments } = deps.limits;
  const partial = { sessionId, connection, segmentId, revision, text, spoken, maxOpenSegments };
  const shownAsSpoken = isTranscriptWanted ? [...copied, transcriptTarget] : copied;
  if (shownAsSpoken.length > 0) await putCopies({ ...partial, targets: shownAsSpoken }, context);
  if (translated.length === 0) return;
  const put = { ...partial, targets: translated };
  const offered = session.heldBack.offer(
    {
      segmentId,
      revision,
      text,
      stable: message.stable,
      circumstances: JSON.stringify([spoken.language, spoken.speaker, translated]),
    },
    () => sendHeld(put, session, context),
  );
  if (offered === 'stale') deps.metrics.partialIgnored('stale');
  else deps.metrics.partialJudged(offered === 'send' ? 'sent' : offered);
  if (offered === 'same') deps.usage.saved(context.client, 'nothing-new', translated.length * typicalCallTokens(text));
  if (offered === 'send') await send(put, session, context);
};

async function send(partial: PutPartial, session: OwnedSession, context: MessageContext): Promise<void> {
  const { deps } = context;
  const { sessionId, segmentId, revision, targets } = partial;
  let isSent = false;
  try {
    const result = await deps.slots.put(partial);
    if (!accepted(result.status, context) || result.status !== 'put') return;
    deps.metrics.partialsSuperseded(result.superseded);
    deps.usage.saved(context.client, 'superseded', result.superseded * typicalCallTokens(partial.text));
    deps.metrics.ticketsMade(result.tickets.length);
    if (deps.latestWins) {
      session.served.unshown.put({ segmentId, revision, targets }, performance.now());
      await deps.lanes.add('partial', laneJobs(sessionId, result.tickets));
    } else {
      await deps.lanes.add('partial', revisionJobs(partial, session, context.client.tenant));
    }
    isSent = true;
  } finally {
    if (!isSent) session.heldBack.failed(segmentId);
  }
}

/** No newer one came in time. Nobody waits for an answer: the next message will tell what is wrong with the session. */
async function sendHeld(partial: PutPartial, session: OwnedSession, context: MessageContext): Promise<void> {
  const { metrics, isRedisReady, logger } = context.deps;
  const { sessionId, segmentId } = partial;
  if (!isRedisReady()) {
    metrics.partialIgnored('redis-away');
    session.heldBack.failed(segmentId);
    return;
  }
  metrics.partialJudged('due');
  try {
    await send(partial, session, context);
  } catch (error) {
    if (error instanceof Refusal || error instanceof SessionLostError) return;
    logger.warn({ err: error, sessionId }, 'a partial that was held back could not be sent');
  }
}

async function putCopies(partial: PutPartial, context: MessageContext): Promise<void> {
  const { segmentId, text, spoken } = partial;
  const status = await context.deps.slots.show(partial, (target) =>
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
  accepted(status, context);
}

/** Stale revisions and late arrivals are ignored and counted; what can't be done is told. */
function accepted(status: PutStatus, { deps }: MessageContext): boolean {
  switch (status) {
    case 'put':
      return true;
    case 'stale':
    case 'settled':
    case 'too-old':
      deps.metrics.partialIgnored(status);
      return false;
    case 'gone':
    case 'fenced':
    case 'forgotten':
      throw new SessionLostError(status);
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
