import type { TranscriptPartial } from '@parley/protocol';
import type { RevisionJobData } from '@parley/lanes';
import type { PutPartial, PutStatus } from '@parley/state';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { liveSession } from './live-session.ts';
import { readTranscript } from './transcript.ts';

export const transcriptPartial: MessageHandler<TranscriptPartial> = async (message, context) => {
  const { deps } = context;
  const session = liveSession(context);
  const { spoken, translated, copied } = await readTranscript(message, session, context);
  if (!deps.isRedisReady()) {
    deps.metrics.partialIgnored('redis-away');
    return; // A newer one will come; a queue in memory would only be late.
  }
  const { sessionId, connection } = session;
  const { segmentId, revision, text } = message;
  const { maxOpenSegments } = deps.limits;
  const partial = { sessionId, connection, segmentId, revision, text, spoken, maxOpenSegments };
  if (copied.length > 0) await putCopies({ ...partial, targets: copied }, context);
  if (translated.length === 0) return;
  const result = await deps.slots.put({ ...partial, targets: translated });
  if (!accepted(result.status, context) || result.status !== 'put') return;
  deps.metrics.partialsSuperseded(result.superseded);
  deps.metrics.ticketsMade(result.tickets.length);
  if (deps.latestWins) {
    await deps.lanes.add(
      'partial',
      result.tickets.map(({ target, ticket, priority }) => ({
        data: { v: 1, sessionId, segmentId, target, number: ticket },
        priority,
      })),
    );
  } else {
    await deps.lanes.add('partial', revisionJobs({ ...partial, targets: translated }, session));
  }
};

async function putCopies(partial: PutPartial, context: MessageContext): Promise<void> {
  const { segmentId, text, spoken } = partial;
  const status = await context.deps.slots.show(partial, (targetLanguage) => ({
    ...spoken,
    type: 'partial',
    segmentId,
    targetLanguage,
    text,
    flags: ['source'],
    queueMs: 0,
    engineMs: 0,
  }));
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

function revisionJobs(partial: PutPartial, session: OwnedSession): { data: RevisionJobData }[] {
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
    },
  }));
}
