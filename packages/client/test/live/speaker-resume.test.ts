import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { started } from '../scripted-edge.ts';
import { accept, begun, resumed, say, translated } from './speaker-fixture.ts';

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
