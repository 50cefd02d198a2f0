import type { TranscriptPartial } from '@parley/protocol';
import { typicalCallTokens } from '@parley/translation';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import type { Offered } from '../sessions/partial-debouncer.ts';
import { putPartial } from './put-partial.ts';
import { requireLiveSession } from './require-session.ts';
import { readTranscript, type Transcript } from './transcript.ts';

export const transcriptPartial: MessageHandler<TranscriptPartial> = async (message, context) => {
  const { deps } = context;
  const session = requireLiveSession(context);
  if (!deps.isRedisReady()) {
    deps.metrics.partialIgnored('redis-away');
    return; // A newer one will follow; a queued one would only be late.
  }
  if (session.settings.paused === true) {
    deps.metrics.partialIgnored('paused');
    return;
  }
  deps.usage.partialHandled(session.served.sessionId);
  const transcript = await readTranscript(message, session, context);
  if (transcript.translated.length > 0 && offer(transcript, message, session, context) === 'send') {
    await send(transcript, message, session, context);
  } else if (transcript.copied.length > 0 || transcript.isTranscriptWanted) {
    // Copies are not debounced.
    await putPartial(transcript, message, session, context, { translate: false });
  }
};

/** Passes the partial to the filter. A debounced partial is sent later unless a newer one arrives first. */
function offer(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Offered {
  const { deps, connection } = context;
  const { segmentId, revision, text, stable } = message;
  const { metadata, translated } = transcript;
  const contextKey = JSON.stringify([metadata.language, metadata.speaker, translated]);
  const verdict = session.debouncer.offer({ segmentId, revision, text, stable, contextKey }, () =>
    sendDebounced(transcript, message, session, context),
  );
  if (verdict === 'stale') deps.metrics.partialIgnored('stale');
  else deps.metrics.partialJudged(verdict === 'send' ? 'sent' : verdict);
  if (verdict === 'same')
    deps.usage.saved(connection.client, 'nothing-new', translated.length * typicalCallTokens(text));
  return verdict;
}

async function send(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  let isPut = false;
  try {
    isPut = await putPartial(transcript, message, session, context, { translate: true });
  } finally {
    if (!isPut) session.debouncer.failed(message.segmentId);
  }
}

/**
 * Sends a debounced partial after its delay. No client message waits for the result, so errors about the session are
 * left to the next message.
 */
async function sendDebounced(
  transcript: Transcript,
  message: TranscriptPartial,
  session: OwnedSession,
  context: MessageContext,
): Promise<void> {
  const { metrics, isRedisReady, logger } = context.deps;
  if (!isRedisReady()) {
    metrics.partialIgnored('redis-away');
    session.debouncer.failed(message.segmentId);
    return;
  }
  metrics.partialJudged('due');
  try {
    await send(transcript, message, session, context);
  } catch (error) {
    if (error instanceof Refusal || error instanceof SessionLostError) return;
    const { sessionId } = session.served;
    logger.warn({ err: error, sessionId }, 'sending a debounced partial failed');
  }
}
