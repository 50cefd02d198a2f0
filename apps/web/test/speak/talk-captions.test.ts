import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/client';
import { TalkCaptions } from '../../src/speak/talk/talk-captions.ts';

const timing = { queueMs: 0, engineMs: 1, totalMs: 1 };
const final = (segmentId: number): ServerMessage => {
  const common = { type: 'translation.final', targetLanguage: 'es', text: 'Uno.', cached: false, timing } as const;
  return { ...common, segmentId, offset: segmentId };
};

describe('TalkCaptions', () => {
  it('keeps the newest messages that do not change any more, for another page', () => {
    const captions = new TalkCaptions();
    for (let segmentId = 1; segmentId <= 2000; segmentId += 1) {
      captions.addPartial({ segmentId, revision: 1, text: 'U', language: undefined }, 'en');
      captions.add(final(segmentId));
      if (segmentId === 5) expect(captions.kept).toEqual([1, 2, 3, 4, 5].map(final));
    }
    const { kept } = captions;
    expect(kept).toEqual(Array.from({ length: 600 }, (_, index) => final(1401 + index)));
    const again = new TalkCaptions(kept);
    expect(again.kept).toEqual(kept);
    expect(again.store.getSnapshot().get('es')).toEqual(captions.store.getSnapshot().get('es'));
  });
});
