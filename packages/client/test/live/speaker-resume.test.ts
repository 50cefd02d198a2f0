import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { started } from '../scripted-edge.ts';
import { accept, startedSpeaker, resumed, sendFinal, translated } from './speaker-fixture.ts';

describe('SpeakerState resume', () => {
  it('names the newest token, the last delivered offset and every incomplete final', () => {
    const speaker = startedSpeaker();
    for (const segmentId of [1, 2, 3]) sendFinal(speaker, segmentId);
    speaker.handleMessage(accept(1));
    speaker.handleMessage(translated(1, 'es', 110));
    speaker.handleMessage(translated(1, 'ca', 111));
    speaker.handleMessage(accept(2));
    speaker.handleMessage(translated(2, 'es', 112));
    expect(speaker.openingMessage()).toMatchObject({
      type: 'session.resume',
      sessionId: 's1',
      resumeToken: 'R',
      offset: 112,
      held: [2, 3],
    });
    speaker.handleMessage(resumed({ accepted: [2], missing: [3] }));
    // The offset in `session.resumed` does not count as delivered.
    expect(speaker.openingMessage()).toMatchObject({ resumeToken: 'R2', offset: 112 });
  });

  const correction = (correctionId: string) =>
    ({ type: 'transcript.correct', segmentId: 1, text: 'x', correctionId }) as const;
  const acceptCorrection = (correctionId: string) =>
    ({ type: 'correction.accepted', segmentId: 1, correctionId }) as const;

  it('sends unanswered corrections again, until they are answered', () => {
    const speaker = startedSpeaker();
    expect(speaker.addCorrection(correction('a'))).toMatchObject([{ correctionId: 'a' }]);
    expect(speaker.addCorrection(correction('b'))).toMatchObject([{ correctionId: 'b' }]);
    speaker.openingMessage();
    expect(speaker.addCorrection(correction('c'))).toEqual([]);
    const { send } = speaker.handleMessage(resumed());
    expect(send).toMatchObject([{ correctionId: 'a' }, { correctionId: 'b' }, { correctionId: 'c' }]);
    const refusal = errorMessage('segment-too-old', '', { causedBy: send[2]?.id });
    expect(speaker.handleMessage(refusal)).toMatchObject({ refusedCorrection: { correctionId: 'c' }, reopen: false });
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed()).send).toMatchObject([{ correctionId: 'a' }, { correctionId: 'b' }]);
  });

  it('sends the newest accepted corrections again, which the server may have lost, and tells nobody of the answers', () => {
    const speaker = startedSpeaker();
    const ids = Array.from({ length: 20 }, (_, index) => `correction ${index}`);
    for (const id of ids) {
      speaker.addCorrection(correction(id));
      expect(speaker.handleMessage(acceptCorrection(id)).deliver).toBe(true);
    }
    speaker.addCorrection(correction('pending'));
    speaker.openingMessage();
    const { send } = speaker.handleMessage(resumed());
    expect(send).toMatchObject([...ids.slice(4), 'pending'].map((correctionId) => ({ correctionId })));
    expect(speaker.handleMessage(acceptCorrection(ids[4] ?? '')).deliver).toBe(false);
    const refusal = errorMessage('segment-too-old', '', { causedBy: send[1]?.id });
    expect(speaker.handleMessage(refusal)).toMatchObject({ deliver: false, reopen: false });
    speaker.openingMessage();
    const again = speaker.handleMessage(resumed()).send;
    expect(again).toMatchObject([ids[4], ...ids.slice(6), 'pending'].map((correctionId) => ({ correctionId })));
    // What was corrected is lost together with its session.
    expect(speaker.handleMessage(started).send).toMatchObject([{ correctionId: 'pending' }]);
  });

  it('excuses one takeover for each resume that an earlier socket sent without a reply, until a final is accepted', () => {
    const speaker = startedSpeaker();
    speaker.openingMessage();
    speaker.handleMessage(resumed());
    expect(speaker.excuseTakeover()).toBe(false);
    // This resume is still on its way when its socket is cut.
    speaker.openingMessage();
    expect(speaker.excuseTakeover()).toBe(false);
    speaker.openingMessage();
    speaker.handleMessage(resumed());
    expect([speaker.excuseTakeover(), speaker.excuseTakeover()]).toEqual([true, false]);
    speaker.openingMessage();
    speaker.openingMessage();
    speaker.handleMessage(resumed());
    sendFinal(speaker, 1);
    speaker.handleMessage(accept(1));
    expect(speaker.excuseTakeover()).toBe(false);
  });

  it('starts at the offset of the start and never names a final that was not sent', () => {
    const speaker = startedSpeaker();
    speaker.handleDisconnect();
    expect(speaker.addFinal({ segmentId: 1, text: 'one' }).send).toEqual([]);
    expect(speaker.openingMessage()).toMatchObject({ offset: started.offset, held: [] });
    expect(speaker.handleMessage(resumed()).send).toMatchObject([{ type: 'transcript.final', segmentId: 1 }]);
  });

  it('keeps a final for the targets that applied when it was sent', () => {
    const speaker = startedSpeaker();
    sendFinal(speaker, 1);
    speaker.update({ targetLanguages: ['FR'] });
    sendFinal(speaker, 2);
    for (const segmentId of [1, 2]) speaker.handleMessage(accept(segmentId));
    speaker.handleMessage(translated(1, 'es', 110));
    speaker.handleMessage(translated(1, 'ca', 111));
    speaker.handleMessage(translated(2, 'fr', 112));
    expect(speaker.openingMessage()).toMatchObject({ held: [] });
  });

  it('drops accepted finals whose results may have been trimmed', () => {
    const speaker = startedSpeaker();
    for (const segmentId of [1, 2, 3]) sendFinal(speaker, segmentId);
    speaker.handleMessage(accept(1));
    speaker.openingMessage();
    const { send, accepted } = speaker.handleMessage(resumed({ recovered: false, accepted: [1, 2], missing: [3] }));
    expect(send).toMatchObject([{ segmentId: 3 }]);
    expect(accepted).toEqual([1, 2]);
    expect(speaker.openingMessage()).toMatchObject({ held: [3] });
  });

  it('drops a final if the update that set its targets is refused', () => {
    const speaker = startedSpeaker();
    const { id } = speaker.update({ targetLanguages: ['fr'] });
    sendFinal(speaker, 1);
    speaker.handleMessage(accept(1));
    speaker.handleMessage(translated(1, 'es', 110));
    speaker.handleMessage(translated(1, 'ca', 111));
    speaker.handleMessage(errorMessage('language-unsupported', 'no', { causedBy: id }));
    expect(speaker.openingMessage()).toMatchObject({ held: [] });
  });
});
