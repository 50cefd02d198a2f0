import type { ClientMessageInput } from '@parley/protocol';
import { randomId } from './random-id.ts';

/** Another text of a settled segment, or another translation of it. */
export interface Correction {
  readonly segmentId: number;
  /** What is shown instead; empty to show nothing. */
  readonly text: string;
  /** The translation to replace; if missing, the transcript is replaced, and translated anew. */
  readonly targetLanguage?: string | undefined;
}

/** A correction by a client that need not own the session. */
export interface SessionCorrection extends Correction {
  /** May be missing if the connection has a session. */
  readonly sessionId?: string | undefined;
  /** Sending a correction with the same ID again changes nothing; a random one by default. */
  readonly correctionId?: string | undefined;
}

/** The message of a correction. Picks the fields because callers may pass further options. */
export function correctionMessage(correction: SessionCorrection): CorrectionMessage {
  const { sessionId, segmentId, targetLanguage, text, correctionId = randomId() } = correction;
  return { type: 'transcript.correct', sessionId, segmentId, targetLanguage, text, correctionId };
}

export type CorrectionMessage = Extract<ClientMessageInput, { type: 'transcript.correct' }> & {
  readonly correctionId: string;
};
