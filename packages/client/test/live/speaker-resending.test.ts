import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { started } from '../scripted-edge.ts';
import { accept, begun, resumed, say } from './speaker-fixture.ts';

describe('what is sent again', () => {
  it('is what is missing, and what was never answered, in the order of speaking', () => {
    const speech = begun();
    for (const segmentId of [1, 2, 3]) say(speech, segmentId);
    speech.received(accept(2));
    speech.opening();
    const { send, accepted } = speech.received(resumed({ accepted: [3], missing: [1, 2] }));
    expect(send).toMatchObject([{ segmentId: 1, text: 'text 1' }, { segmentId: 2 }]);
    expect(accepted).toEqual([3]);
  });

  it('has an update before it, since nobody knows whether that one arrived', () => {
    const speech = begun();
    speech.update({ targetLanguages: ['fr'] });
    speech.update({ context: 'a meeting' });
    speech.lost();
    speech.final({ segmentId: 1, text: 'one' });
    speech.opening();
    expect(speech.received(resumed()).send).toMatchObject([
      { type: 'session.update', targetLanguages: ['fr'], context: 'a meeting' },
      { type: 'transcript.final', segmentId: 1 },
    ]);
  });

  it('is everything that is held, in a new session with the options of the old one, where that is unknown', () => {
    const speech = begun();
    speech.update({ targetLanguages: ['fr'] });
    for (const segmentId of [1, 2]) say(speech, segmentId);
    speech.received(accept(1));
    const { id } = speech.opening();
    speech.received(errorMessage('session-unknown', 'gone', { causedBy: id }));
    expect(speech.opening()).toMatchObject({ type: 'session.start', sourceLanguage: 'en', targetLanguages: ['fr'] });
    const { send } = speech.received({ ...started, sessionId: 's2', offset: 50 });
    expect(send).toMatchObject([{ segmentId: 1 }, { segmentId: 2 }]);
    expect(speech.opening()).toMatchObject({ sessionId: 's2', offset: 50, held: [1, 2] });
  });

  it.each(['session-unknown', 'session-not-started'] as const)(
    'is everything that is held, where a message on an open connection is answered by %s',
    (code) => {
      for (const about of ['a final', 'nothing'] as const) {
        const speech = begun();
        const [first, second] = [say(speech, 1), say(speech, 2)];
        const causedBy = about === 'a final' ? first : undefined;
        const lost = speech.received(errorMessage(code, 'gone', { causedBy }));
        expect(lost).toMatchObject({ reopen: true, retry: false, send: [] });
        expect(lost).not.toHaveProperty('refused');
        const late = errorMessage('session-not-started', 'gone', { causedBy: second });
        expect(speech.received(late)).toMatchObject({ reopen: false, send: [] });
        expect(speech.partial({ segmentId: 3, revision: 1, text: 'x' })).toBeUndefined();
        expect(speech.opening()).toMatchObject({ type: 'session.start' });
        expect(speech.received(late)).toMatchObject({ reopen: false, send: [] });
        const { send } = speech.received({ ...started, sessionId: 's2' });
        expect(send).toMatchObject([{ segmentId: 1 }, { segmentId: 2 }, { type: 'transcript.partial', segmentId: 3 }]);
        // What was said of the session before does no harm to this one.
        expect(speech.received(late)).toMatchObject({ reopen: false, send: [] });
      }
    },
  );

  it('is the newest partial of the newest segment, unless that has its final or was refused for good', () => {
    const speech = begun();
    const partialsAgain = () => {
      speech.opening();
      return speech.received(resumed()).send;
    };
    const said = [
      [4, 0],
      [5, 2],
      [5, 1],
      [4, 9],
    ] as const;
    for (const [segmentId, revision] of said) {
      speech.partial({ segmentId, revision, text: `text ${revision}` });
    }
    const [again] = partialsAgain();
    expect(again).toMatchObject({ type: 'transcript.partial', segmentId: 5, revision: 2, text: 'text 2' });
    speech.lost();
    speech.partial({ segmentId: 5, revision: 3, text: 'said while the connection was away' });
    expect(partialsAgain()).toMatchObject([{ segmentId: 5, revision: 3 }]);
    speech.partial({ segmentId: 6, revision: 0, text: 'x' });
    const refused = partialsAgain()[0]?.id;
    speech.received(errorMessage('text-too-long', 'no', { causedBy: refused }));
    expect(partialsAgain()).toEqual([]);
    speech.partial({ segmentId: 7, revision: 0, text: 'x' });
    const final = say(speech, 7);
    speech.partial({ segmentId: 7, revision: 1, text: 'too late' });
    speech.received(accept(7));
    expect(final).toBeDefined();
    expect(partialsAgain().map(({ type }) => type)).not.toContain('transcript.partial');
    speech.partial({ segmentId: 8, revision: 0, text: 'x' });
    // What is to end drops it.
    speech.end();
    expect(partialsAgain().map(({ type }) => type)).not.toContain('transcript.partial');
  });

  it('waits a while after a refusal for now, and is given up after one for good', () => {
    const speech = begun();
    const [first, second] = [say(speech, 1), say(speech, 2)];
    const later = speech.received(errorMessage('temporarily-unavailable', 'wait', { causedBy: first }));
    expect(later).toMatchObject({ retry: true, send: [] });
    // Neither the answer to another final nor a new final ends the pause.
    say(speech, 3);
    expect(speech.received(accept(4)).send).toEqual([]);
    expect(speech.waiting()).toEqual([]);
    expect(speech.retried()).toMatchObject([{ segmentId: 1 }, { segmentId: 3 }]);
    const never = speech.received(errorMessage('segment-too-old', 'no', { causedBy: second }));
    expect(never).toMatchObject({ retry: false, refused: { segmentId: 2 } });
    expect(speech.opening()).toMatchObject({ held: [1, 3] });
  });

  it('never stands unanswered by the thousand', () => {
    const speech = begun();
    speech.lost();
    for (let segmentId = 1; segmentId <= 500; segmentId += 1) say(speech, segmentId);
    speech.opening();
    expect(speech.received(resumed()).send).toHaveLength(200);
    expect(speech.received(accept(1)).send).toMatchObject([{ segmentId: 201 }]);
  });
});
