import { randomUUID } from 'node:crypto';
import { isBlank, isOwnLanguage, type TranscriptCorrect } from '@parley/protocol';
import type { CorrectableSegment } from '@parley/redis/correction';
import { isLongText, typicalCallTokens } from '@parley/translation';
import type { MessageContext, MessageHandler } from '../core/message-context.ts';
import { Refusal } from '../core/refusal.ts';
import { retryAfterMs } from '../limits/retry-after.ts';
import { requirePermittedRoom, requireUnexpiredToken } from './require-session.ts';
import { traceCaption, withTrace } from './trace-caption.ts';
import { repairAfterMs } from './transcript-final.ts';
import { isQuotaRefusal, outstandingRefusal, requestWithinQuota } from './within-quota.ts';

type Segment = CorrectableSegment & { readonly tenant: string; readonly sessionId: string };

/** Answered only when the correction is in the session's log and its jobs are queued. */
export const transcriptCorrect: MessageHandler<TranscriptCorrect> = async (message, context) => {
  const segment = await findSegment(message, context);
  const { receivedAtMs } = context;
  await traceCaption({ message, ...segment, receivedAtMs }, () => acceptCorrection(message, segment, context));
};

async function acceptCorrection(message: TranscriptCorrect, segment: Segment, context: MessageContext): Promise<void> {
  const { connection, deps } = context;
  const { segmentId, text, targetLanguage, correctionId } = message;
  const { sessionId, tenant } = segment;
  const correction = await correctionOf(message, segment, context);
  const result = await requestWithinQuota({ tenant, sessionId }, deps, async (quota) => {
    // The deadline is scheduled before the correction is stored; both commands use the same connection, in this order.
    const scheduled = deps.schedule.schedule(sessionId, repairAfterMs);
    const stored = deps.corrections.correct(correction, quota);
    const [, corrected] = await Promise.all([scheduled, stored]);
    return corrected;
  });
  if (isQuotaRefusal(result)) throw outstandingRefusal(retryAfterMs(result, undefined));
  if (result.status !== 'accepted') throw refusal(result.status);
  const { outstanding } = result;
  const cost = typicalCallTokens(text);
  await deps.queues.addFinal({ tenant, sessionId, cost, isLong: isLongText(text), outstanding });
  connection.outbox.reply({
    type: 'correction.accepted',
    segmentId,
    ...(targetLanguage === undefined ? {} : { targetLanguage }),
    ...(correctionId === undefined ? {} : { correctionId }),
  });
}

/** @throws Refusal */
async function findSegment(message: TranscriptCorrect, context: MessageContext): Promise<Segment> {
  const { connection, deps } = context;
  const { tenant } = connection.client;
  const sessionId = permittedSession(message, context);
  if (sessionId !== context.binding.owned?.served.sessionId) {
    requireUnexpiredToken(context);
    await requirePermittedRoom(context, sessionId);
  }
  const found = await deps.corrections.find(tenant, sessionId, message.segmentId);
  if (found.status !== 'found') throw refusal(found.status);
  return { tenant, sessionId, metadata: found.metadata, targets: found.targets };
}

/**
 * The session that a connection may correct: one of its tenant, or its own if it has a token to speak.
 *
 * @throws Refusal
 */
function permittedSession({ sessionId: named }: TranscriptCorrect, { connection, binding }: MessageContext): string {
  const { joinCode, token } = connection.client;
  const { owned, joined } = binding;
  if (joinCode !== undefined) throw new Refusal('listen-only', 'a join code only allows listening');
  if (token?.scope === 'listen') throw new Refusal('listen-only', 'the key or token only allows listening');
  const sessionId = named ?? (owned ?? joined)?.served.sessionId;
  if (sessionId === undefined) {
    throw new Refusal('session-not-started', 'no session was started on this connection; name one as sessionId');
  }
  if (token !== undefined && token.sessionId !== sessionId && owned?.served.sessionId !== sessionId) {
    throw new Refusal('not-permitted', 'the token is for another session', 'sessionId');
  }
  return sessionId;
}

async function correctionOf(message: TranscriptCorrect, segment: Segment, { deps, receivedAtMs }: MessageContext) {
  const { segmentId, text, targetLanguage, correctionId = randomUUID() } = message;
  const metadata = { ...withTrace(segment.metadata), receivedAtMs };
  const common = { tenant: segment.tenant, sessionId: segment.sessionId, segmentId, correctionId };
  const shown = isBlank(text) ? '' : text;
  const correctedInto = (target: string) =>
    ({ ...metadata, type: 'corrected', segmentId, targetLanguage: target, text: shown }) as const;
  if (targetLanguage !== undefined) return { ...common, entry: correctedInto(targetLanguage) };

  const { language } = metadata;
  const unsupported = await deps.languages.unsupported(language, segment.targets);
  const isCopied = (target: string): boolean => isBlank(text) || isOwnLanguage(language, target);
  return {
    ...common,
    entry: { ...metadata, type: 'corrected-transcript' as const, segmentId, text: shown },
    targets: segment.targets.filter((target) => !isCopied(target) && !unsupported.includes(target)),
    copies: segment.targets.filter(isCopied).map((target) => ({
      ...correctedInto(target),
      ...(isOwnLanguage(language, target) ? { flags: ['source'] } : {}),
    })),
  };
}

function refusal(status: 'gone' | 'ending' | 'not-settled' | 'too-old' | 'not-offered'): Refusal {
  switch (status) {
    case 'gone':
      return new Refusal('session-unknown', 'the session has ended or does not exist', 'sessionId');
    case 'ending':
      return new Refusal('session-ending', 'the session has ended');
    case 'not-settled':
      return new Refusal('segment-not-settled', 'this segment has no final yet, or no translation of it', 'segmentId');
    case 'too-old':
      return new Refusal('segment-too-old', 'this segment is too old to be corrected', 'segmentId');
    case 'not-offered':
      return new Refusal('language-not-offered', 'the segment was not translated into this language', 'targetLanguage');
  }
}
