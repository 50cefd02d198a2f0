import type { TranscriptPartial } from '@parley/protocol';
import type { PutPartial, PutResult } from '@parley/state';
import { typicalCallTokens } from '@parley/translation';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { transcriptTarget } from '../delivery/feed-item.ts';
import { putCopies, putTranslated } from './put-partial.ts';
import { requireLiveSession } from './require-session.ts';
import { readTranscript } from './transcript.ts';

export const transcriptPartial: MessageHandler<TranscriptPartial> = async (message, context) => {
  const { deps } = context;
  const session = requireLiveSession(context);
  const { spoken, translated, copied, listenerTargets, isTranscriptWanted } = await readTranscript(
    message,
    session,
    context,
  );
  if (!deps.isRedisReady()) {
    deps.metrics.partialIgnored('redis-away');
    return; // A newer one will come; a queue in memory would only be late.
  }
  const { sessionId } = session.served;
  const connection = session.owner.mark();
  const { segmentId, revision, text } = message;
  const { maxOpenSegments } = deps.limits;
  const partial = { sessionId, connection, segmentId, revision, text, spoken, listenerTargets, maxOpenSegments };
  const shownAsSpoken = isTranscriptWanted ? [...copied, transcriptTarget] : copied;
  const again = (): Promise<void> => transcriptPartial(message, context);
  if (shownAsSpoken.length > 0) {
    const shown = await putCopies({ ...partial, targets: shownAsSpoken }, session, context);
    if (shown === 'listeners') return again();
  }
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
    () => sendHeld(put, again, session, context),
  );
  if (offered === 'stale') deps.metrics.partialIgnored('stale');
  else deps.metrics.partialJudged(offered === 'send' ? 'sent' : offered);
  if (offered === 'same') deps.usage.saved(context.client, 'nothing-new', translated.length * typicalCallTokens(text));
  if (offered === 'send') await send(put, again, session, context);
};

/** @param again begins anew, for what listeners want by now */
async function send(
  partial: PutPartial,
  again: () => Promise<void>,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  let status: PutResult['status'] | undefined;
  try {
    status = await putTranslated(partial, session, context);
  } finally {
    if (status !== 'put') session.heldBack.failed(partial.segmentId);
  }
  if (status === 'listeners') await again();
}

/** No newer one came in time. Nobody waits for an answer: the next message will tell what is wrong with the session. */
async function sendHeld(
  partial: PutPartial,
  again: () => Promise<void>,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  const { metrics, isRedisReady, logger } = context.deps;
  const { sessionId, segmentId } = partial;
  if (!isRedisReady()) {
    metrics.partialIgnored('redis-away');
    session.heldBack.failed(segmentId);
    return;
  }
  metrics.partialJudged('due');
  try {
    await send(partial, again, session, context);
  } catch (error) {
    if (error instanceof Refusal || error instanceof SessionLostError) return;
    logger.warn({ err: error, sessionId }, 'a partial that was held back could not be sent');
  }
}
