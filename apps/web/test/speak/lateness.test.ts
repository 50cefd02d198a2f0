import { describe, expect, it } from '@jest/globals';
import { Lateness, latenessWords } from '../../src/speak/talk/lateness.ts';

const timing = { queueMs: 1, engineMs: 2, totalMs: 900 };
const partial = (segmentId: number, revision: number) =>
  ({ type: 'transcript.partial', id: 'x', segmentId, revision, text: 'a' }) as const;
const final = (segmentId: number) => ({ type: 'transcript.final', id: 'x', segmentId, text: 'a' }) as const;
const shownPartial = (segmentId: number, revision: number) =>
  ({
    type: 'translation.partial',
    segmentId,
    revision,
    targetLanguage: 'es',
    concluded: '',
    tentative: 'a',
    timing,
  }) as const;
const shownFinal = (segmentId: number) =>
  ({
    type: 'translation.final',
    segmentId,
    targetLanguage: 'es',
    text: 'a',
    offset: 1,
    cached: false,
    timing,
  }) as const;

describe('lateness', () => {
  it('is the median time from sending to showing', () => {
    const lateness = new Lateness();
    expect(lateness.medianMs).toBeUndefined();
    lateness.sent(partial(1, 1), 1000);
    lateness.sent(partial(1, 2), 1100);
    lateness.sent(final(1), 2000);
    lateness.received(shownPartial(1, 1), 1100);
    lateness.received(shownPartial(1, 2), 1800);
    lateness.received(shownFinal(1), 2400);
    expect(lateness.medianMs).toBe(400);
  });

  it('counts from the first sending if a sentence had to be sent again', () => {
    const lateness = new Lateness();
    lateness.sent(final(1), 1000);
    lateness.sent(final(1), 4000);
    lateness.received(shownFinal(1), 5000);
    expect(lateness.medianMs).toBe(4000);
  });

  it("is the server's time where the sending is unknown", () => {
    const lateness = new Lateness();
    lateness.received(shownFinal(1), 5000);
    expect(lateness.medianMs).toBe(900);
  });

  it('forgets old captions', () => {
    const lateness = new Lateness();
    for (let segmentId = 1; segmentId <= 40; segmentId += 1) {
      lateness.sent(final(segmentId), 0);
      lateness.received(shownFinal(segmentId), segmentId <= 20 ? 9000 : 100);
    }
    expect(lateness.medianMs).toBe(100);
  });

  it.each([
    [12, 'about 0.1 s'],
    [430, 'about 0.4 s'],
    [2960, 'about 3.0 s'],
    [12_400, 'about 12 s'],
  ])('of %d ms is told as "%s"', (medianMs, words) => {
    expect(latenessWords(medianMs)).toBe(words);
  });
});
