import { CaptionStore } from '@parley/client';
import type { ServerMessage } from '@parley/protocol';
import { describe, expect, it } from '@jest/globals';
import { columnsOf, linesOf } from '../../src/listen/columns.ts';

const timing = { queueMs: 0, engineMs: 1, totalMs: 1 };
const spoken = (segmentId: number, language: string, text: string): ServerMessage => ({
  type: 'transcript.final',
  segmentId,
  language,
  text,
  offset: segmentId,
});
const translated = (segmentId: number, targetLanguage: string, text: string): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage,
  text,
  offset: segmentId,
  cached: false,
  timing,
});
const failed = (segmentId: number, targetLanguage: string): ServerMessage => ({
  type: 'translation.failed',
  segmentId,
  targetLanguage,
  offset: segmentId,
  code: 'engine-timeout',
  message: 'm',
});

describe('the columns', () => {
  it('are the granted languages', () => {
    expect(columnsOf(['es', 'ar'], ['es', 'ar'], 'en')).toEqual([
      { language: 'es', tags: ['es'], takesOthers: false },
      { language: 'ar', tags: ['ar'], takesOthers: false },
    ]);
    expect(columnsOf(['pt', 'pt-BR'], ['pt', 'pt-BR'], 'pt')).toHaveLength(2);
  });

  it("put the transcript and translations into the speaker's own language together", () => {
    expect(columnsOf(['en', 'es'], ['en-US', 'en', 'es'], 'en-US')).toEqual([
      { language: 'en-US', tags: ['en-US', 'en'], takesOthers: true },
      { language: 'es', tags: ['es'], takesOthers: false },
    ]);
  });
});

describe('the lines of a column', () => {
  const textsIn = (columns: ReturnType<typeof columnsOf>, ...messages: readonly ServerMessage[]) => {
    const store = new CaptionStore();
    for (const message of messages) store.add(message);
    return columns.map((column) => linesOf(column, columns, store.getSnapshot()).map(({ concluded }) => concluded));
  };

  it('are in the order of the segments', () => {
    const columns = columnsOf(['es'], ['es'], 'en');
    expect(textsIn(columns, translated(2, 'es', 'dos'), translated(1, 'es', 'uno'))).toEqual([['uno', 'dos']]);
  });

  it("of the speaker's language contain what was said in another one, translated if it can be", () => {
    const columns = columnsOf(['en', 'es'], ['en-US', 'en', 'es'], 'en-US');
    const messages = [
      spoken(1, 'en-US', 'one'),
      spoken(2, 'fr', 'deux'),
      translated(2, 'en', 'two'),
      spoken(3, 'fr', 'trois'),
      spoken(4, 'fr', 'quatre'),
      failed(4, 'en'),
      translated(1, 'es', 'uno'),
    ];
    expect(textsIn(columns, ...messages)).toEqual([['one', 'two', 'trois', 'quatre'], ['uno']]);
  });
});
