import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { accept, begun, resumed, say, targetLanguages, translated } from './speaker-fixture.ts';

describe('the end', () => {
  it('comes after the last final is accepted, and again on the next connection', () => {
    const speech = begun();
    const id = say(speech, 1);
    speech.received(errorMessage('too-many-frames', 'wait', { causedBy: id }));
    speech.lost();
    expect(speech.end()).toEqual([]);
    speech.opening();
    expect(speech.received(resumed({ missing: [1] })).send).toMatchObject([{ type: 'transcript.final' }]);
    expect(speech.end()).toEqual([]);
    expect(speech.received(accept(1)).send).toMatchObject([{ type: 'session.end' }]);
    expect(speech.end()).toEqual([]);
    speech.opening();
    expect(speech.received(resumed({ accepted: [1] })).send).toMatchObject([{ type: 'session.end' }]);
    expect(speech.isDone).toBe(false);
    for (const target of targetLanguages) speech.received(translated(1, target, 120));
    expect(speech.isDone).toBe(true);
  });

  it('is told again where it was refused for now', () => {
    const speech = begun();
    const [end] = speech.end();
    const later = speech.received(errorMessage('too-many-frames', 'wait', { causedBy: end?.id }));
    expect(later).toMatchObject({ retry: true, send: [] });
    expect(speech.retried()).toMatchObject([{ type: 'session.end' }]);
  });

  it('comes after a final that was refused for good, too', () => {
    const speech = begun();
    const id = say(speech, 1);
    expect(speech.end()).toEqual([]);
    const refused = speech.received(errorMessage('segment-too-old', 'no', { causedBy: id }));
    expect(refused.send).toMatchObject([{ type: 'session.end' }]);
  });

  it('lets a final that the ending session refuses wait for its result', () => {
    const speech = begun();
    const id = say(speech, 1);
    speech.end();
    const ending = speech.received(errorMessage('session-ending', 'ending', { causedBy: id }));
    expect(ending).toMatchObject({ retry: false, accepted: [], send: [{ type: 'session.end' }] });
    expect(ending).not.toHaveProperty('refused');
    expect(speech.received(translated(1, 'es', 110)).accepted).toEqual([1]);
    expect(speech.received(translated(1, 'ca', 111)).accepted).toEqual([]);
    expect(speech.isDone).toBe(true);
  });

  it('sends such a final again after a resume that lacks it', () => {
    const speech = begun();
    const id = say(speech, 1);
    speech.received(errorMessage('session-ending', 'ending', { causedBy: id }));
    speech.opening();
    expect(speech.received(resumed({ missing: [1] })).send).toMatchObject([{ segmentId: 1 }]);
  });

  it('refuses a final that came after it', () => {
    const speech = begun();
    speech.end();
    const id = say(speech, 1);
    const ending = speech.received(errorMessage('session-ending', 'ending', { causedBy: id }));
    expect(ending).toMatchObject({ refused: { segmentId: 1 } });
  });
});
