import type { TranscriptPartial } from '@parley/protocol';
import { typicalCallTokens } from '@parley/translation';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { copiesOf, putTranslated, showCopies } from './put-partial.ts';
import { requireLiveSession } from './require-session.ts';
import { readTranscript, type Transcript } from './transcript.ts';

export const transcriptPartial: MessageHandler<TranscriptPartial> = async (message, context) => {
  const { deps } = context;
  const session = requireLiveSession(context);
  if (!deps.isRedisReady()) {
    deps.metrics.partialIgnored('redis-away');
    return; // A newer one will come; a queue in memory would only be late.
  }
  const shown = await showCopies(await readTranscript(message, session, context), message, session, context);
  const { spoken, translated } = shown;
  if (translated.length === 0) return;
  const { segmentId, revision, text, stable } = message;
  const circumstances = JSON.stringify([spoken.language, spoken.speaker, translated]);
  const offered = session.heldBack.offer({ segmentId, revision, text, stable, circumstances }, () =>
    sendHeld(shown, message, session, context),
  );
  if (offered === 'stale') deps.metrics.partialIgnored('stale');
  else deps.metrics.partialJudged(offered === 'send' ? 'sent' : offered);
  if (offered === 'same')
    deps.usage.saved(context.connection.client, 'nothing-new', translated.length * typicalCallTokens(text));
  if (offered === 'send') await send(shown, message, session, context);
};

/** @param shown the transcript whose copies were shown */
async function send(
  shown: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  let put: Transcript | undefined;
  try {
    put = await putTranslated(shown, message, session, context);
  } finally {
    if (put === undefined) session.heldBack.failed(message.segmentId);
  }
  if (put === undefined) return;
  // Somebody may want the transcript by now who didn't before.
  const before = copiesOf(shown);
  if (copiesOf(put).some((target) => !before.includes(target))) await showCopies(put, message, session, context);
}

/** No newer one came in time. Nobody waits for an answer: the next message will tell what is wrong with the session. */
async function sendHeld(
  shown: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  const { metrics, isRedisReady, logger } = context.deps;
  if (!isRedisReady()) {
    metrics.partialIgnored('redis-away');
    session.heldBack.failed(message.segmentId);
    return;
  }
  metrics.partialJudged('due');
  try {
    await send(shown, message, session, context);
  } catch (error) {
    if (error instanceof Refusal || error instanceof SessionLostError) return;
    const { sessionId } = session.served;
    logger.warn({ err: error, sessionId }, 'a partial that was held back could not be sent');
  }
}
