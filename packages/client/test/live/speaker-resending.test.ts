import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { started } from '../scripted-edge.ts';
import { accept, startedSpeaker, resumed, sendFinal } from './speaker-fixture.ts';

describe('SpeakerState resending', () => {
  it('sends missing and unanswered finals in speaking order', () => {
    const speaker = startedSpeaker();
    for (const segmentId of [1, 2, 3]) sendFinal(speaker, segmentId);
    speaker.handleMessage(accept(2));
    speaker.openingMessage();
    const { send, accepted } = speaker.handleMessage(resumed({ accepted: [3], missing: [1, 2] }));
    expect(send).toMatchObject([{ segmentId: 1, text: 'text 1' }, { segmentId: 2 }]);
    expect(accepted).toEqual([3]);
  });

  it('sends updates again before finals, since their arrival is unknown', () => {
    const speaker = startedSpeaker();
    speaker.update({ targetLanguages: ['fr'] });
    speaker.update({ context: 'a meeting' });
    speaker.handleDisconnect();
    speaker.addFinal({ segmentId: 1, text: 'one' });
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed()).send).toMatchObject([
      { type: 'session.update', targetLanguages: ['fr'], context: 'a meeting' },
      { type: 'transcript.final', segmentId: 1 },
    ]);
  });

  it('sends all pending finals to a new session with the same options if the old one is unknown', () => {
    const speaker = startedSpeaker();
    speaker.update({ targetLanguages: ['fr'] });
    for (const segmentId of [1, 2]) sendFinal(speaker, segmentId);
    speaker.handleMessage(accept(1));
    const { id } = speaker.openingMessage();
    speaker.handleMessage(errorMessage('session-unknown', 'gone', { causedBy: id }));
    expect(speaker.openingMessage()).toMatchObject({
      type: 'session.start',
      sourceLanguage: 'en',
      targetLanguages: ['fr'],
    });
    const { send } = speaker.handleMessage({ ...started, sessionId: 's2', offset: 50 });
    expect(send).toMatchObject([{ segmentId: 1 }, { segmentId: 2 }]);
    expect(speaker.openingMessage()).toMatchObject({ sessionId: 's2', offset: 50, held: [1, 2] });
  });

  it.each(['session-unknown', 'session-not-started'] as const)(
    'sends all pending finals again if a message on an open connection is refused with %s',
    (code) => {
      for (const about of ['a final', 'nothing'] as const) {
        const speaker = startedSpeaker();
        const [first, second] = [sendFinal(speaker, 1), sendFinal(speaker, 2)];
        const causedBy = about === 'a final' ? first : undefined;
        const lost = speaker.handleMessage(errorMessage(code, 'gone', { causedBy }));
        expect(lost).toMatchObject({ reopen: true, retry: false, send: [] });
        expect(lost).not.toHaveProperty('refused');
        const late = errorMessage('session-not-started', 'gone', { causedBy: second });
        expect(speaker.handleMessage(late)).toMatchObject({ reopen: false, send: [] });
        expect(speaker.addPartial({ segmentId: 3, revision: 1, text: 'x' })).toBeUndefined();
        expect(speaker.openingMessage()).toMatchObject({ type: 'session.start' });
        expect(speaker.handleMessage(late)).toMatchObject({ reopen: false, send: [] });
        const { send } = speaker.handleMessage({ ...started, sessionId: 's2' });
        expect(send).toMatchObject([{ segmentId: 1 }, { segmentId: 2 }, { type: 'transcript.partial', segmentId: 3 }]);
        // Replies about the previous session don't affect this one.
        expect(speaker.handleMessage(late)).toMatchObject({ reopen: false, send: [] });
      }
    },
  );

  it('sends the newest partial of the newest segment, unless it has a final or was refused permanently', () => {
    const speaker = startedSpeaker();
    const partialsAgain = () => {
      speaker.openingMessage();
      return speaker.handleMessage(resumed()).send;
    };
    const said = [
      [4, 0],
      [5, 2],
      [5, 1],
      [4, 9],
    ] as const;
    for (const [segmentId, revision] of said) {
      speaker.addPartial({ segmentId, revision, text: `text ${revision}` });
    }
    const [again] = partialsAgain();
    expect(again).toMatchObject({ type: 'transcript.partial', segmentId: 5, revision: 2, text: 'text 2' });
    speaker.handleDisconnect();
    speaker.addPartial({ segmentId: 5, revision: 3, text: 'said while the connection was away', stable: 'said' });
    expect(partialsAgain()).toMatchObject([{ segmentId: 5, revision: 3, stable: 'said' }]);
    speaker.addPartial({ segmentId: 6, revision: 0, text: 'x' });
    const refused = partialsAgain()[0]?.id;
    speaker.handleMessage(errorMessage('text-too-long', 'no', { causedBy: refused }));
    expect(partialsAgain()).toEqual([]);
    speaker.addPartial({ segmentId: 7, revision: 0, text: 'x' });
    const final = sendFinal(speaker, 7);
    speaker.addPartial({ segmentId: 7, revision: 1, text: 'too late' });
    speaker.handleMessage(accept(7));
    expect(final).toBeDefined();
    expect(partialsAgain().map(({ type }) => type)).not.toContain('transcript.partial');
    speaker.addPartial({ segmentId: 8, revision: 0, text: 'x' });
    // Ending the session drops the partial.
    speaker.requestEnd();
    expect(partialsAgain().map(({ type }) => type)).not.toContain('transcript.partial');
  });

  it('pauses after a temporary refusal and drops a final after a permanent one', () => {
    const speaker = startedSpeaker();
    const [first, second] = [sendFinal(speaker, 1), sendFinal(speaker, 2)];
    const later = speaker.handleMessage(errorMessage('temporarily-unavailable', 'wait', { causedBy: first }));
    expect(later).toMatchObject({ retry: true, send: [] });
    // Neither the reply to another final nor a new final ends the pause.
    sendFinal(speaker, 3);
    expect(speaker.handleMessage(accept(4)).send).toEqual([]);
    expect(speaker.takeSendable()).toEqual([]);
    expect(speaker.resumeSending()).toMatchObject([{ segmentId: 1 }, { segmentId: 3 }]);
    const never = speaker.handleMessage(errorMessage('segment-too-old', 'no', { causedBy: second }));
    expect(never).toMatchObject({ retry: false, refused: { segmentId: 2 } });
    expect(speaker.openingMessage()).toMatchObject({ held: [1, 3] });
  });

  it('I47: sends refused finals again in their order after the time that the server says, few at first', () => {
    const speaker = startedSpeaker();
    const ids = [1, 2, 3, 4].map((segmentId) => sendFinal(speaker, segmentId));
    const refusals = ids.map((causedBy) =>
      speaker.handleMessage(errorMessage('too-much-outstanding', 'wait', { causedBy, retryAfterMs: 700 })),
    );
    for (const refusal of refusals) expect(refusal).toMatchObject({ retry: true, retryAfterMs: 700, send: [] });
    sendFinal(speaker, 5);
    const again = speaker.resumeSending();
    expect(again).toMatchObject([1, 2, 3, 4, 5].map((segmentId) => ({ segmentId })));
    for (const { id } of again) {
      speaker.handleMessage(errorMessage('too-much-outstanding', 'wait', { causedBy: id }));
    }
    expect(speaker.resumeSending()).toMatchObject([{ segmentId: 1 }]);
    expect(speaker.handleMessage(accept(1)).send).toMatchObject([{ segmentId: 2 }, { segmentId: 3 }]);
    expect(speaker.handleMessage(accept(2)).send).toMatchObject([{ segmentId: 4 }, { segmentId: 5 }]);
  });

  it('limits the number of unanswered finals', () => {
    const speaker = startedSpeaker();
    speaker.handleDisconnect();
    for (let segmentId = 1; segmentId <= 500; segmentId += 1) sendFinal(speaker, segmentId);
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed()).send).toHaveLength(200);
    expect(speaker.handleMessage(accept(1)).send).toMatchObject([{ segmentId: 201 }]);
  });
});
