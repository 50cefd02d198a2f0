import { isBlank, type LanguageTag, type TranscriptFinal } from '@parley/protocol';
import { finalCost, type SettleFinal } from '@parley/redis/pending';
import { isLongText, typicalCallTokens } from '@parley/translation';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { requireOwnedSession } from './require-session.ts';
import { unsupportedPair } from './require-supported.ts';
import { traceCaption, withTrace } from './trace-caption.ts';
import { requestWithListenerTargets, readTranscript, type Transcript } from './transcript.ts';
import { outstandingRefusal, requestWithinQuota } from './within-quota.ts';

/** Time after which the sweeper checks that the jobs of a final or a correction exist. */
export const repairAfterMs = 1500;

/** Acknowledged only when the final is stored in Redis, on replicas too if that is configured, and all its jobs are queued. */
export const transcriptFinal: MessageHandler<TranscriptFinal> = async (message, context) => {
  // Allowed while the session is ending, because a final that it already has may be sent again.
  const session = requireOwnedSession(context);
  const { served, tenant } = session;
  const { receivedAtMs } = context;
  await traceCaption({ message, sessionId: served.sessionId, tenant, receivedAtMs }, () =>
    acceptFinal(message, session, context),
  );
};

async function acceptFinal(message: TranscriptFinal, session: OwnedSession, context: MessageContext): Promise<void> {
  const { deps } = context;
  const transcript = await readTranscript(message, session, context);
  const { served, gate, settings, tenant } = session;
  const { sessionId } = served;
  const { segmentId } = message;
  const waitMs = gate.waitMs(segmentId, performance.now());
  if (waitMs !== undefined) throw outstandingRefusal(waitMs);
  let costBytes = 0;
  const { result } = await requestWithListenerTargets(transcript, message, session, context, (current) => {
    const final = finalOf(message, current, session);
    costBytes = finalCost(final);
    return requestWithinQuota({ tenant, sessionId, settings }, deps, async (quota) => {
      // The deadline is scheduled before the final is stored; both commands use the same connection, in this
      // order.
      const scheduled = deps.schedule.schedule(sessionId, repairAfterMs);
      const stored = deps.pending.settle(final, quota);
      const [, settled] = await Promise.all([scheduled, stored]);
      return settled;
    });
  });
  if (result.status === 'full' || result.status === 'credit') {
    throw outstandingRefusal(gate.refused(segmentId, result, performance.now()));
  }
  gate.handled(segmentId, result.status === 'accepted' ? costBytes : 0);
  switch (result.status) {
    case 'accepted':
      session.debouncer.settled(segmentId);
      served.watchdog.settled(segmentId);
      await deps.queues.addFinal({
        tenant,
        sessionId,
        cost: typicalCallTokens(message.text),
        isLong: isLongText(message.text),
        outstanding: result.outstanding,
      });
      accept(message, sessionId, context);
      return;
    case 'conflict':
      throw new Refusal('segment-settled', 'this segment already has a final with another text', 'segmentId');
    case 'too-old':
      throw new Refusal('segment-too-old', 'this segment is older than the newest 1,024', 'segmentId');
    case 'ending':
      throw new Refusal('session-ending', 'the session is ending');
    case 'paused':
      throw new Refusal('session-paused', 'the session is paused');
    case 'gone':
    case 'fenced':
    case 'owner-lost':
      throw new SessionLostError(result.status);
  }
}

/** Also for a final that is sent again, since replicas may not have had it the first time. */
function accept(message: TranscriptFinal, sessionId: string, { deps, connection }: MessageContext): void {
  const { segmentId } = message;
  const reply = (): void => connection.outbox.reply({ type: 'transcript.accepted', segmentId });
  // Replicas are awaited for many finals at once.
  if (deps.replicas.isNeeded) connection.replyLater(message, deps.replicas.finalKept(sessionId, segmentId).then(reply));
  else reply();
}

function finalOf(
  { segmentId, text }: TranscriptFinal,
  { metadata: untraced, translated, copied, unsupported, listenerTargets, listenersOnly }: Transcript,
  { served, fencingToken }: OwnedSession,
): SettleFinal {
  const metadata = withTrace(untraced);
  const cleared = isBlank(text);
  const listenersOnlyField = (target: LanguageTag) =>
    listenersOnly.includes(target) ? { listenersOnly: true as const } : {};
  const copies = (cleared ? [...translated, ...unsupported, ...copied] : copied).map((targetLanguage) => ({
    ...metadata,
    type: 'translation' as const,
    segmentId,
    targetLanguage,
    text: cleared ? '' : text,
    cached: false,
    ...(copied.includes(targetLanguage) ? { flags: ['source'] } : {}),
    ...listenersOnlyField(targetLanguage),
    queueMs: 0,
    engineMs: 0,
  }));
  const failures = (cleared ? [] : unsupported).map((targetLanguage) => ({
    v: 1 as const,
    type: 'failed' as const,
    segmentId,
    targetLanguage,
    ...listenersOnlyField(targetLanguage),
    code: 'language-unsupported' as const,
    message: unsupportedPair(metadata.language, targetLanguage),
  }));
  return {
    sessionId: served.sessionId,
    connection: fencingToken,
    segmentId,
    text,
    metadata,
    targets: cleared ? [] : translated,
    listenerTargets,
    listenersOnly,
    copies: [...copies, ...failures],
  };
}
