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
    return; // A newer one will come; a queue in memory would only be late.
  }
  const transcript = await readTranscript(message, session, context);
  if (transcript.translated.length > 0 && offer(transcript, message, session, context) === 'send') {
    await send(transcript, message, session, context);
  } else if (transcript.copied.length > 0 || transcript.isTranscriptWanted) {
    // What needs no translation waits for nothing.
    await putPartial(transcript, message, session, context, { translate: false });
  }
};

/** Asks whether the partial is worth a call; one that is not yet is sent later, unless a newer one comes first. */
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
  const offered = session.debouncer.offer({ segmentId, revision, text, stable, contextKey }, () =>
    sendHeld(transcript, message, session, context),
  );
  if (offered === 'stale') deps.metrics.partialIgnored('stale');
  else deps.metrics.partialJudged(offered === 'send' ? 'sent' : offered);
  if (offered === 'same')
    deps.usage.saved(connection.client, 'nothing-new', translated.length * typicalCallTokens(text));
  return offered;
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

/** No newer one came in time. Nobody waits for an answer: the next message will tell what is wrong with the session. */
async function sendHeld(
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
    logger.warn({ err: error, sessionId }, 'a partial that was held back could not be sent');
  }
}
