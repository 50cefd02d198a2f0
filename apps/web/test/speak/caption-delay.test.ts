import { describe, expect, it } from '@jest/globals';
import { CaptionDelay, delayText } from '../../src/speak/talk/caption-delay.ts';

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
    const captionDelay = new CaptionDelay();
    expect(captionDelay.medianMs).toBeUndefined();
    captionDelay.sent(partial(1, 1), 1000);
    captionDelay.sent(partial(1, 2), 1100);
    captionDelay.sent(final(1), 2000);
    captionDelay.received(shownPartial(1, 1), 1100);
    captionDelay.received(shownPartial(1, 2), 1800);
    captionDelay.received(shownFinal(1), 2400);
    expect(captionDelay.medianMs).toBe(400);
  });

  it('counts from the first sending if a sentence had to be sent again', () => {
    const captionDelay = new CaptionDelay();
    captionDelay.sent(final(1), 1000);
    captionDelay.sent(final(1), 4000);
    captionDelay.received(shownFinal(1), 5000);
    expect(captionDelay.medianMs).toBe(4000);
  });

  it("is the server's time where the sending is unknown", () => {
    const captionDelay = new CaptionDelay();
    captionDelay.received(shownFinal(1), 5000);
    expect(captionDelay.medianMs).toBe(900);
  });

  it('forgets old captions', () => {
    const captionDelay = new CaptionDelay();
    for (let segmentId = 1; segmentId <= 40; segmentId += 1) {
      captionDelay.sent(final(segmentId), 0);
      captionDelay.received(shownFinal(segmentId), segmentId <= 20 ? 9000 : 100);
    }
    expect(captionDelay.medianMs).toBe(100);
  });

  it.each([
    [12, 'about 0.1 s'],
    [430, 'about 0.4 s'],
    [2960, 'about 3.0 s'],
    [12_400, 'about 12 s'],
  ])('of %d ms is told as "%s"', (medianMs, words) => {
    expect(delayText(medianMs)).toBe(words);
  });
});
