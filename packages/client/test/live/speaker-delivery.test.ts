import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { accept, startedSpeaker, resumed, sendFinal, shown, translated } from './speaker-fixture.ts';

describe('SpeakerState delivery', () => {
  it('delivers the first result of a final that was sent again as missing, and drops the duplicate', () => {
    const speaker = startedSpeaker();
    sendFinal(speaker, 1);
    speaker.handleMessage(accept(1));
    expect(speaker.handleMessage(translated(1, 'es', 110)).deliver).toBe(true);
    speaker.openingMessage();
    speaker.handleMessage(resumed({ missing: [1] }));
    speaker.handleMessage(accept(1));
    expect(speaker.handleMessage(translated(1, 'ca', 120)).deliver).toBe(true);
    // The segment is complete now; the duplicate is still dropped.
    expect(speaker.handleMessage(translated(1, 'es', 121)).deliver).toBe(false);
    expect(speaker.openingMessage()).toMatchObject({ offset: 121, held: [] });
  });

  it('delivers each correction once, also after the result, and resumes after it', () => {
    const corrected = (offset: number): ServerMessage => ({
      type: 'translation.corrected',
      segmentId: 1,
      targetLanguage: 'es',
      text: 'x',
      offset,
    });
    const speaker = startedSpeaker();
    sendFinal(speaker, 1);
    speaker.handleMessage(translated(1, 'es', 110));
    const delivered = [111, 113, 113, 112].map((offset) => speaker.handleMessage(corrected(offset)).deliver);
    expect(delivered).toEqual([true, true, false, false]);
    const source = { type: 'transcript.corrected', segmentId: 1, text: 'x', language: 'en', offset: 114 } as const;
    expect([source, source].map((message) => speaker.handleMessage(message).deliver)).toEqual([true, false]);
    expect(speaker.openingMessage()).toMatchObject({ offset: 114 });
  });

  it('delivers the first result of a segment and target only', () => {
    const failed = (segmentId: number, offset: number): ServerMessage => ({
      type: 'translation.failed',
      segmentId,
      targetLanguage: 'es',
      offset,
      code: 'engine-timeout',
      message: 'x',
    });
    const speaker = startedSpeaker();
    for (const segmentId of [1, 2]) sendFinal(speaker, segmentId);
    expect(speaker.handleMessage(translated(1, 'es', 110)).deliver).toBe(true);
    expect(speaker.handleMessage(translated(1, 'es', 111)).deliver).toBe(false);
    expect(speaker.handleMessage(failed(1, 112)).deliver).toBe(false);
    expect(speaker.handleMessage(failed(2, 113)).deliver).toBe(true);
    expect(speaker.handleMessage(translated(2, 'es', 114)).deliver).toBe(false);
    expect(speaker.handleMessage(translated(2, 'ca', 115)).deliver).toBe(true);
    // A duplicate still advances the offset.
    speaker.handleMessage(translated(2, 'ca', 116));
    expect(speaker.openingMessage()).toMatchObject({ offset: 116 });
  });

  it('delivers only newer revisions over all connections, and none after the result', () => {
    const speaker = startedSpeaker();
    expect(speaker.handleMessage(shown(1, 0)).deliver).toBe(true);
    expect(speaker.handleMessage(shown(1, 2)).deliver).toBe(true);
    speaker.openingMessage();
    speaker.handleMessage(resumed());
    expect(speaker.handleMessage(shown(1, 2)).deliver).toBe(false);
    expect(speaker.handleMessage(shown(1, 1)).deliver).toBe(false);
    expect(speaker.handleMessage(shown(1, 3)).deliver).toBe(true);
    speaker.handleMessage(translated(1, 'es', 110));
    expect(speaker.handleMessage(shown(1, 4)).deliver).toBe(false);
  });
});
