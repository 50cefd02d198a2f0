import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { accept, begun, resumed, say, shown, translated } from './speaker-fixture.ts';

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
