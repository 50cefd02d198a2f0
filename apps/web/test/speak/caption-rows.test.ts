import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/client';
import { captionRows } from '../../src/speak/captions/caption-rows.ts';
import { TalkCaptions } from '../../src/speak/talk/talk-captions.ts';

const timing = { queueMs: 1, engineMs: 2, totalMs: 3 };
const translated = (segmentId: number, text: string, flags?: string[]): ServerMessage => ({
  type: 'translation.final',
  segmentId,
  targetLanguage: 'es',
  text,
  offset: segmentId,
  cached: false,
  timing,
  ...(flags && { flags }),
});
const said = (segmentId: number, text: string) => ({ segmentId, text, language: undefined });

describe('the rows of captions', () => {
  it('show what was said beside its translations, in the order of the segments', () => {
    const captions = new TalkCaptions();
    captions.addFinal(said(1, 'Good morning.'), 'en');
    captions.addPartial({ ...said(2, 'How'), revision: 1 }, 'en');
    captions.add(translated(1, 'Buenos días.'));
    expect(captionRows(captions.store, ['en', 'es', 'ca'], 10)).toEqual([
      {
        segmentId: 1,
        cells: [
          { language: 'en', concluded: 'Good morning.', tentative: '', note: '' },
          { language: 'es', concluded: 'Buenos días.', tentative: '', note: '' },
          { language: 'ca', concluded: '', tentative: '', note: '' },
        ],
      },
      {
        segmentId: 2,
        cells: [
          { language: 'en', concluded: '', tentative: 'How', note: '' },
          { language: 'es', concluded: '', tentative: '', note: '' },
          { language: 'ca', concluded: '', tentative: '', note: '' },
        ],
      },
    ]);
    expect(captionRows(captions.store, ['en'], 1).map(({ segmentId }) => segmentId)).toEqual([2]);
  });

  it('tell in words what failed and what may be no translation', () => {
    const captions = new TalkCaptions();
    captions.add({
      type: 'translation.failed',
      segmentId: 1,
      targetLanguage: 'es',
      offset: 1,
      code: 'engine-timeout',
      message: 'after 6871 ms',
    });
    captions.add(translated(2, 'No puedo ayudar.', ['suspect']));
    const notes = captionRows(captions.store, ['es'], 10).map(({ cells: [cell] }) => cell?.note);
    expect(notes).toEqual(['Not translated: it took too long.', 'This may not be a translation.']);
  });

  it('are the same on a reloaded page, without what was still open', () => {
    const captions = new TalkCaptions();
    captions.addFinal(said(1, 'Good morning.'), 'en');
    captions.add(translated(1, 'Buenos días.'));
    captions.addPartial({ ...said(2, 'How'), revision: 1 }, 'en');
    const reloaded = new TalkCaptions(JSON.parse(JSON.stringify(captions.kept)) as ServerMessage[]);
    const [row] = captionRows(captions.store, ['en', 'es'], 10);
    expect(captionRows(reloaded.store, ['en', 'es'], 10)).toEqual([row]);
  });
});
