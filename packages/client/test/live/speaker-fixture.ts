import type { ServerMessage } from '@parley/protocol';
import { SpeakerState } from '../../src/live/speaker-state.ts';
import { started, timing } from '../scripted-edge.ts';

export { accepted as accept, resumed } from './live-edge.ts';

export const targetLanguages = ['es', 'ca'];

/** A speaker whose session has started. */
export function startedSpeaker(): SpeakerState {
  const speaker = new SpeakerState({ sourceLanguage: 'en', targetLanguages });
  speaker.openingMessage();
  speaker.handleMessage(started);
  return speaker;
}

/** Adds a final and returns the `id` of its message if it is sent now. */
export const sendFinal = (speaker: SpeakerState, segmentId: number): string | undefined =>
  speaker.addFinal({ segmentId, text: `text ${segmentId}` }).send[0]?.id;

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
