import type { TranscriptFinal } from '@parley/protocol';
import type { MessageHandler } from '../core/message-context.ts';
import { Refusal, SessionLostError } from '../core/refusal.ts';
import { cancelCalls } from './cancel-calls.ts';
import { liveSession } from './live-session.ts';
import { readTranscript } from './transcript.ts';

/** Accepted only when it is safe in Redis and every one of its jobs stands in the lane. */
export const transcriptFinal: MessageHandler<TranscriptFinal> = async (message, context) => {
  const { deps } = context;
  const session = liveSession(context);
  const { spoken, translated, copied } = await readTranscript(message, session, context);
  const { sessionId, connection } = session;
  const { segmentId, text } = message;
  const cleared = text.trim() === '';
  const result = await deps.pending.settle({
    sessionId,
    connection,
    segmentId,
    text,
    spoken,
    targets: cleared ? [] : translated,
    copies: (cleared ? [...translated, ...copied] : copied).map((targetLanguage) => ({
      ...spoken,
      type: 'translation',
      segmentId,
      targetLanguage,
      text,
      cached: false,
      ...(targetLanguage === spoken.language ? { flags: ['source'] } : {}),
      queueMs: 0,
      engineMs: 0,
    })),
  });
  switch (result.status) {
    case 'accepted':
      cancelCalls(
        deps,
        sessionId,
        result.calls.filter(({ sameText }) => !sameText),
      );
      await deps.lanes.add(
        'final',
        result.jobs.map(({ target, job, priority }) => ({
          data: { v: 1, sessionId, segmentId, target, number: job },
          priority,
        })),
      );
      context.reply({ type: 'transcript.accepted', segmentId });
      return;
    case 'conflict':
      throw new Refusal('segment-settled', 'this segment was settled with another text', 'segmentId');
    case 'too-old':
      throw new Refusal('segment-too-old', 'this segment is older than the newest 1,024', 'segmentId');
    case 'ending':
      throw new Refusal('session-ending', 'the session is ending');
    case 'gone':
    case 'fenced':
      throw new SessionLostError(result.status);
  }
};
