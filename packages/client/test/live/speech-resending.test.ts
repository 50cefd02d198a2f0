import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { started } from '../scripted-edge.ts';
import { accept, begun, resumed, say } from './speech-fixture.ts';

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

  it('is the newest partial of each segment without a final, of the newest segments', () => {
    const speech = begun();
    for (let segmentId = 1; segmentId <= 40; segmentId++) {
      for (const revision of [0, 2, 1]) speech.partial({ segmentId, revision, text: `text ${revision}` });
    }
    say(speech, 40);
    speech.received(accept(40));
    speech.lost();
    speech.partial({ segmentId: 39, revision: 3, text: 'said while the connection was away' });
    speech.opening();
    const { send } = speech.received(resumed({ accepted: [40] }));
    const newest = Array.from({ length: 30 }, (_, index) => ({ segmentId: 9 + index, revision: 2, text: 'text 2' }));
    const away = { segmentId: 39, revision: 3, text: 'said while the connection was away' };
    expect(send).toMatchObject([...newest, away].map((partial) => ({ type: 'transcript.partial', ...partial })));
    // What is to end drops them.
    speech.end();
    speech.opening();
    expect(speech.received(resumed()).send).not.toContainEqual(expect.objectContaining({ revision: 3 }));
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
