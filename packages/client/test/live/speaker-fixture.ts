import type { ServerMessage, SessionResumed } from '@parley/protocol';
import { SpeakerState } from '../../src/live/speaker-state.ts';
import { started, timing } from '../scripted-edge.ts';

export const targetLanguages = ['es', 'ca'];

/** A speech whose session has begun. */
export function begun(): SpeakerState {
  const speech = new SpeakerState({ sourceLanguage: 'en', targetLanguages });
  speech.opening();
  speech.received(started);
  return speech;
}

/** Says a final, and gives the id of its message where one is due now. */
export const say = (speech: SpeakerState, segmentId: number): string | undefined =>
  speech.final({ segmentId, text: `text ${segmentId}` }).send[0]?.id;

export const accept = (segmentId: number): ServerMessage => ({ type: 'transcript.accepted', segmentId });

export const translated = (segmentId: number, targetLanguage: string, offset: number): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage,
  text: 'x',
  offset,
  cached: false,
  timing,
});

export const shown = (segmentId: number, revision: number): ServerMessage => ({
  type: 'translation.partial',
  segmentId,
  revision,
  targetLanguage: 'es',
  concluded: '',
  tentative: 'x',
  timing,
});

export const resumed = (fields: Partial<SessionResumed> = {}): ServerMessage => ({
  type: 'session.resumed',
  sessionId: 's1',
  offset: 9000,
  recovered: true,
  accepted: [],
  missing: [],
  resumeToken: 'R2',
  ...fields,
});
