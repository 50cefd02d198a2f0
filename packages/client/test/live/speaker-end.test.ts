import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { accept, startedSpeaker, resumed, sendFinal, targetLanguages, translated } from './speaker-fixture.ts';

describe('SpeakerState end', () => {
  it('sends the end after the last final is accepted, and again on the next connection', () => {
    const speaker = startedSpeaker();
    const id = sendFinal(speaker, 1);
    speaker.handleMessage(errorMessage('too-many-frames', 'wait', { causedBy: id }));
    speaker.handleDisconnect();
    expect(speaker.requestEnd()).toEqual([]);
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed({ missing: [1] })).send).toMatchObject([{ type: 'transcript.final' }]);
    expect(speaker.requestEnd()).toEqual([]);
    expect(speaker.handleMessage(accept(1)).send).toMatchObject([{ type: 'session.end' }]);
    expect(speaker.requestEnd()).toEqual([]);
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed({ accepted: [1] })).send).toMatchObject([{ type: 'session.end' }]);
    expect(speaker.isDone).toBe(false);
    for (const target of targetLanguages) speaker.handleMessage(translated(1, target, 120));
    expect(speaker.isDone).toBe(true);
  });

  it('sends the end again after a temporary refusal', () => {
    const speaker = startedSpeaker();
    const [end] = speaker.requestEnd();
    const later = speaker.handleMessage(errorMessage('too-many-frames', 'wait', { causedBy: end?.id }));
    expect(later).toMatchObject({ retry: true, send: [] });
    expect(speaker.resumeSending()).toMatchObject([{ type: 'session.end' }]);
  });

  it('sends the end after a final was refused permanently', () => {
    const speaker = startedSpeaker();
    const id = sendFinal(speaker, 1);
    expect(speaker.requestEnd()).toEqual([]);
    const refused = speaker.handleMessage(errorMessage('segment-too-old', 'no', { causedBy: id }));
    expect(refused.send).toMatchObject([{ type: 'session.end' }]);
  });

  it('waits for the result of a final that the ending session refuses', () => {
    const speaker = startedSpeaker();
    const id = sendFinal(speaker, 1);
    speaker.requestEnd();
    const ending = speaker.handleMessage(errorMessage('session-ending', 'ending', { causedBy: id }));
    expect(ending).toMatchObject({ retry: false, accepted: [], send: [{ type: 'session.end' }] });
    expect(ending).not.toHaveProperty('refused');
    expect(speaker.handleMessage(translated(1, 'es', 110)).accepted).toEqual([1]);
    expect(speaker.handleMessage(translated(1, 'ca', 111)).accepted).toEqual([]);
    expect(speaker.isDone).toBe(true);
  });

  it('sends such a final again if it is missing after a resume', () => {
    const speaker = startedSpeaker();
    const id = sendFinal(speaker, 1);
    speaker.handleMessage(errorMessage('session-ending', 'ending', { causedBy: id }));
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed({ missing: [1] })).send).toMatchObject([{ segmentId: 1 }]);
  });

  it('refuses a final sent after the end', () => {
    const speaker = startedSpeaker();
    speaker.requestEnd();
    const id = sendFinal(speaker, 1);
    const ending = speaker.handleMessage(errorMessage('session-ending', 'ending', { causedBy: id }));
    expect(ending).toMatchObject({ refused: { segmentId: 1 } });
  });
});
