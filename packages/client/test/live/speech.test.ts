import { describe, expect, it } from '@jest/globals';
import { errorMessage, type ServerMessage, type SessionResumed } from '@parley/protocol';
import { Speech } from '../../src/live/speech.ts';
import { started, timing } from '../scripted-edge.ts';

const targetLanguages = ['es', 'ca'];

function begun(): Speech {
  const speech = new Speech({ sourceLanguage: 'en', targetLanguages });
  speech.opening();
  speech.received(started);
  return speech;
}

const say = (speech: Speech, segmentId: number): string | undefined =>
  speech.final({ segmentId, text: `text ${segmentId}` }).send[0]?.id;

const accept = (segmentId: number): ServerMessage => ({ type: 'transcript.accepted', segmentId });

const translated = (segmentId: number, targetLanguage: string, offset: number): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage,
  text: 'x',
  offset,
  cached: false,
  timing,
});

const shown = (segmentId: number, revision: number): ServerMessage => ({
  type: 'translation.partial',
  segmentId,
  revision,
  targetLanguage: 'es',
  concluded: '',
  tentative: 'x',
  timing,
});

const resumed = (fields: Partial<SessionResumed> = {}): ServerMessage => ({
  type: 'session.resumed',
  sessionId: 's1',
  offset: 9000,
  recovered: true,
  accepted: [],
  missing: [],
  resumeToken: 'R2',
  ...fields,
});

describe('what a resume names', () => {
  it('is the newest token, what was delivered, and every final that has not come for every target', () => {
    const speech = begun();
    for (const segmentId of [1, 2, 3]) say(speech, segmentId);
    speech.received(accept(1));
    speech.received(translated(1, 'es', 110));
    speech.received(translated(1, 'ca', 111));
    speech.received(accept(2));
    speech.received(translated(2, 'es', 112));
    expect(speech.opening()).toMatchObject({
      type: 'session.resume',
      sessionId: 's1',
      resumeToken: 'R',
      offset: 112,
      held: [2, 3],
    });
    speech.received(resumed({ accepted: [2], missing: [3] }));
    // The head that the server tells is not what was delivered.
    expect(speech.opening()).toMatchObject({ resumeToken: 'R2', offset: 112 });
  });

  it('begins at the offset of the start, and never names a final that was not sent', () => {
    const speech = begun();
    speech.lost();
    expect(speech.final({ segmentId: 1, text: 'one' }).send).toEqual([]);
    expect(speech.opening()).toMatchObject({ offset: started.offset, held: [] });
    expect(speech.received(resumed()).send).toMatchObject([{ type: 'transcript.final', segmentId: 1 }]);
  });

  it('holds a final for the targets that counted when it was sent', () => {
    const speech = begun();
    say(speech, 1);
    speech.update({ targetLanguages: ['FR'] });
    say(speech, 2);
    for (const segmentId of [1, 2]) speech.received(accept(segmentId));
    speech.received(translated(1, 'es', 110));
    speech.received(translated(1, 'ca', 111));
    speech.received(translated(2, 'fr', 112));
    expect(speech.opening()).toMatchObject({ held: [] });
  });

  it('has no accepted final any more whose results may have been trimmed', () => {
    const speech = begun();
    for (const segmentId of [1, 2, 3]) say(speech, segmentId);
    speech.received(accept(1));
    speech.opening();
    const { send, accepted } = speech.received(resumed({ recovered: false, accepted: [1, 2], missing: [3] }));
    expect(send).toMatchObject([{ segmentId: 3 }]);
    expect(accepted).toEqual([1, 2]);
    expect(speech.opening()).toMatchObject({ held: [3] });
  });

  it('lets a final go when the update that gave it its targets is refused', () => {
    const speech = begun();
    const { id } = speech.update({ targetLanguages: ['fr'] });
    say(speech, 1);
    speech.received(accept(1));
    speech.received(translated(1, 'es', 110));
    speech.received(translated(1, 'ca', 111));
    speech.received(errorMessage('language-unsupported', 'no', { causedBy: id }));
    expect(speech.opening()).toMatchObject({ held: [] });
  });
});

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
        expect(send).toMatchObject([{ segmentId: 1 }, { segmentId: 2 }]);
        // What was said of the session before does no harm to this one.
        expect(speech.received(late)).toMatchObject({ reopen: false, send: [] });
      }
    },
  );

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

describe('what is delivered', () => {
  it('has no double of a final that was sent again as missing, and keeps the first', () => {
    const speech = begun();
    say(speech, 1);
    speech.received(accept(1));
    expect(speech.received(translated(1, 'es', 110)).deliver).toBe(true);
    speech.opening();
    speech.received(resumed({ missing: [1] }));
    speech.received(accept(1));
    expect(speech.received(translated(1, 'ca', 120)).deliver).toBe(true);
    // All of it has come by now; the double is one all the same.
    expect(speech.received(translated(1, 'es', 121)).deliver).toBe(false);
    expect(speech.opening()).toMatchObject({ offset: 121, held: [] });
  });

  it('is the first result of a segment and target, whether the final was sent again or not', () => {
    const failed = (segmentId: number, offset: number): ServerMessage => ({
      type: 'translation.failed',
      segmentId,
      targetLanguage: 'es',
      offset,
      code: 'engine-timeout',
      message: 'x',
    });
    const speech = begun();
    for (const segmentId of [1, 2]) say(speech, segmentId);
    expect(speech.received(translated(1, 'es', 110)).deliver).toBe(true);
    expect(speech.received(translated(1, 'es', 111)).deliver).toBe(false);
    expect(speech.received(failed(1, 112)).deliver).toBe(false);
    expect(speech.received(failed(2, 113)).deliver).toBe(true);
    expect(speech.received(translated(2, 'es', 114)).deliver).toBe(false);
    expect(speech.received(translated(2, 'ca', 115)).deliver).toBe(true);
    // A double moves the offset all the same.
    speech.received(translated(2, 'ca', 116));
    expect(speech.opening()).toMatchObject({ offset: 116 });
  });

  it('has only newer revisions, over any number of connections, and none after the result', () => {
    const speech = begun();
    expect(speech.received(shown(1, 0)).deliver).toBe(true);
    expect(speech.received(shown(1, 2)).deliver).toBe(true);
    speech.opening();
    speech.received(resumed());
    expect(speech.received(shown(1, 2)).deliver).toBe(false);
    expect(speech.received(shown(1, 1)).deliver).toBe(false);
    expect(speech.received(shown(1, 3)).deliver).toBe(true);
    speech.received(translated(1, 'es', 110));
    expect(speech.received(shown(1, 4)).deliver).toBe(false);
  });
});

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
