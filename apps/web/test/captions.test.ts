import { describe, expect, it } from '@jest/globals';
import { addTranscript, applyMessage, endSession, maxSegments, noCaptions, rowsOf } from '../public/captions.js';

const hypothesis = (segmentId: number, revision: number, text: string) => ({
  segmentId,
  revision,
  text,
  isFinal: false,
});
const finalText = (segmentId: number, text: string) => ({ segmentId, revision: 0, text, isFinal: true });
const partial = (segmentId: number, revision: number, tentative: string, concluded = '') => ({
  type: 'translation.partial',
  segmentId,
  targetLanguage: 'es',
  revision,
  concluded,
  tentative,
});
const final = (segmentId: number, text: string) => ({
  type: 'translation.final',
  segmentId,
  targetLanguage: 'es',
  text,
});
const failed = (segmentId: number) => ({
  type: 'translation.failed',
  segmentId,
  targetLanguage: 'es',
  code: 'engine-timeout',
  message: 'the engine’s total time-out of 6871 ms passed',
});

type Captions = typeof noCaptions;
const after = (state: Captions, ...messages: Parameters<typeof applyMessage>[1][]): Captions =>
  messages.reduce<Captions>(applyMessage, state);
const es = (state: Captions, row = 0) => rowsOf(state, 'en', ['es'])[row]?.cells[1];

const open = addTranscript(noCaptions, hypothesis(1, 1, 'Good'), ['es']);

describe('a transcript', () => {
  it('is tentative until it is final and never returns to an older partial', () => {
    const newer = addTranscript(open, hypothesis(1, 3, 'Good morning'), ['es']);
    expect(addTranscript(newer, hypothesis(1, 2, 'Good mor'), ['es'])).toBe(newer);
    expect(rowsOf(newer, 'en', [])[0]?.cells[0]).toMatchObject({ concluded: '', tentative: 'Good morning' });
    const done = addTranscript(newer, finalText(1, 'Good morning.'), ['es']);
    expect(addTranscript(done, hypothesis(1, 4, 'Good morning to'), ['es'])).toBe(done);
    expect(rowsOf(done, 'en', [])[0]?.cells[0]).toMatchObject({ concluded: 'Good morning.', tentative: '' });
  });

  it('is ordered by segment, regardless of arrival', () => {
    const state = [4, 2, 3].reduce<Captions>(
      (captions, id) => addTranscript(captions, hypothesis(id, 1, 'x'), []),
      open,
    );
    expect(rowsOf(state, 'en', []).map(({ segmentId }) => segmentId)).toEqual([1, 2, 3, 4]);
  });

  it('disappears when its final is empty', () => {
    expect(rowsOf(addTranscript(open, finalText(1, ''), ['es']), 'en', ['es'])).toEqual([]);
  });

  it('is kept for the newest segments only', () => {
    let state = noCaptions;
    for (let id = 1; id <= maxSegments + 5; id += 1) state = addTranscript(state, finalText(id, 'x'), ['es']);
    expect(state.segments).toHaveLength(maxSegments);
    expect(state.segments[0]?.segmentId).toBe(6);
    expect(after(state, final(1, 'late'))).toBe(state);
  });
});

describe('a translation', () => {
  it('never shows an older revision after a newer one', () => {
    const newer = after(open, partial(1, 3, ' días', 'Buenos'));
    expect(es(newer)).toMatchObject({ concluded: 'Buenos', tentative: ' días' });
    expect(after(newer, partial(1, 2, 'Bueno'))).toBe(newer);
    expect(after(newer, partial(1, 3, 'otra vez'))).toBe(newer);
    expect(es(after(newer, partial(1, 4, 'Buenas tardes')))).toMatchObject({ tentative: 'Buenas tardes' });
  });

  it('shows concluded and tentative words apart, until the final replaces both', () => {
    const first = after(open, partial(1, 1, ' días', 'Buenos'));
    const second = after(first, partial(1, 4, '', 'Buenos días'));
    expect(es(second)).toMatchObject({ concluded: 'Buenos días', tentative: '' });
    const third = after(second, partial(1, 5, ' a todas', 'Buenos días'));
    expect(es(third)).toMatchObject({ concluded: 'Buenos días', tentative: ' a todas' });
    expect(es(after(third, final(1, 'Muy buenos días.')))).toMatchObject({
      concluded: 'Muy buenos días.',
      tentative: '',
    });
  });

  it('shows no partial after its final, and only the first final', () => {
    const done = after(open, partial(1, 1, 'Bueno'), final(1, 'Buenos días.'));
    expect(es(done)).toMatchObject({ concluded: 'Buenos días.', tentative: '' });
    expect(after(done, partial(1, 9, 'Tarde'), final(1, 'Otro'), failed(1))).toBe(done);
  });

  it('keeps its text when it fails, shows the reason, and ends', () => {
    const state = after(open, partial(1, 1, 'Bueno'), failed(1));
    expect(es(state)).toMatchObject({ tentative: 'Bueno', note: 'Not translated: it took too long.' });
    expect(after(state, partial(1, 2, 'Buenos'), final(1, 'Buenos días.'))).toBe(state);
  });

  it('is marked if it may be no translation', () => {
    const state = after(open, { ...final(1, 'No puedo ayudar.'), flags: ['suspect'] });
    expect(es(state)).toMatchObject({ concluded: 'No puedo ayudar.', note: 'may be no translation' });
    expect(es(after(open, { ...final(1, 'Buenos días.'), flags: [] }))?.note).toBe('');
  });

  it('is shown for its language and segment only', () => {
    const both = addTranscript(addTranscript(noCaptions, finalText(1, 'One'), ['es', 'ca']), finalText(2, 'Two'), [
      'es',
    ]);
    const state = after(both, { ...final(1, 'U'), targetLanguage: 'ca' }, final(2, 'Dos'));
    const texts = rowsOf(state, 'en', ['es', 'ca']).map(({ cells }) => cells.map(({ concluded }) => concluded));
    expect(texts).toEqual([
      ['One', '', 'U'],
      ['Two', 'Dos', ''],
    ]);
  });

  it('ignores messages of other types and unknown segments', () => {
    expect(after(open, { type: 'pong' }, { type: 'transcript.accepted', segmentId: 1 }, final(7, 'Siete'))).toBe(open);
  });

  it('is marked as unfinished when the session ends first', () => {
    const two = addTranscript(open, finalText(2, 'Two'), ['es']);
    const state = endSession(after(two, final(2, 'Dos')));
    expect(es(state, 0)?.note).toBe('not finished');
    expect(es(state, 1)).toMatchObject({ concluded: 'Dos', note: '' });
    expect(endSession(state)).toBe(state);
  });
});
