import { describe, expect, it } from '@jest/globals';
import { sentencesOf, translateCues, wrapText, type SubtitleCue } from '../src/index.ts';
import { distributeText } from '../src/sentences/distribute-text.ts';

const cue = (startMs: number, text: string): SubtitleCue => ({ startMs, endMs: startMs + 1500, text });
const joined = (...cues: SubtitleCue[]): string[] => sentencesOf(cues).map(({ text }) => text);

describe('sentencesOf', () => {
  it('joins cues up to the end of the sentence', () => {
    expect(joined(cue(0, 'When I opened\nthe door,'), cue(2000, 'nobody was there.'), cue(4000, 'Nobody.'))).toEqual([
      'When I opened the door, nobody was there.',
      'Nobody.',
    ]);
  });

  it('goes on after a full stop that ends no sentence', () => {
    expect(joined(cue(0, 'Tables, chairs etc.'), cue(2000, 'were sold.'))).toEqual(['Tables, chairs etc. were sold.']);
    expect(joined(cue(0, 'I was...'), cue(2000, '...going'))).toEqual(['I was... ...going']);
  });

  it('ends a sentence at a pause, at a sound, and after so much text', () => {
    expect(joined(cue(0, 'one'), cue(4000, 'two'))).toEqual(['one', 'two']);
    expect(joined(cue(0, '[applause]'), cue(2000, 'Thank you'))).toEqual(['[applause]', 'Thank you']);
    const many = Array.from({ length: 20 }, (_, index) => cue(index * 2000, 'word'));
    expect(sentencesOf(many).map(({ parts }) => parts.length)).toEqual([8, 8, 4]);
    const wide = Array.from({ length: 6 }, (_, index) => cue(index * 2000, 'x'.repeat(150)));
    expect(sentencesOf(wide).map(({ parts }) => parts.length)).toEqual([2, 2, 2]);
  });

  it('keeps the lines of a dialogue apart, and leaves out empty cues', () => {
    expect(joined(cue(0, '- Are you\n- Yes, I am\nhere.'), cue(2000, ' '), cue(3000, '-5 degrees'))).toEqual([
      'Are you',
      'Yes, I am here.',
      '-5 degrees',
    ]);
  });
});

describe('translateCues', () => {
  it('divides a translated sentence over its cues, and keeps times and settings', () => {
    const cues = [
      { ...cue(0, 'When I opened\nthe door,'), settings: 'line:0' },
      { ...cue(2000, 'nobody was there.'), tags: ['i'] },
    ];
    const translated = translateCues(cues, sentencesOf(cues), ['Cuando abrí la puerta, no había nadie.']);
    expect(translated).toEqual([
      { ...cues[0], text: 'Cuando abrí la puerta,' },
      { ...cues[1], text: 'no había nadie.' },
    ]);
  });

  it('keeps the dashes of a dialogue', () => {
    const cues = [cue(0, '- Are you there?\n– Yes.')];
    const [translated] = translateCues(cues, sentencesOf(cues), ['¿Estás ahí?', 'Sí.']);
    expect(translated?.text).toBe('- ¿Estás ahí?\n– Sí.');
  });

  it('puts several sentences of one cue together, and empties cues without a translation', () => {
    const cues = [cue(0, 'One. Two'), cue(1600, 'three.'), cue(9000, 'Lost.'), cue(20_000, '')];
    const texts = translateCues(cues, sentencesOf(cues), ['Uno. Dos tres.', undefined]).map(({ text }) => text);
    expect(texts).toEqual(['Uno. Dos', 'tres.', '', '']);
  });

  it('gives the first cues a text where there are fewer words than cues', () => {
    expect(distributeText('Sí', [5, 5, 5])).toEqual(['Sí', '', '']);
    expect(distributeText('', [1])).toEqual(['']);
    expect(distributeText('a b c d', [100, 1, 1]).every((part) => part !== '')).toBe(true);
  });

  it('divides languages without spaces as well', () => {
    expect(distributeText('ドアを開けたとき、誰もいなかった。', [14, 13])).toEqual([
      'ドアを開けたとき、',
      '誰もいなかった。',
    ]);
  });
});

describe('wrapText', () => {
  it('uses one line where the text fits, else two of similar width', () => {
    expect(wrapText('x'.repeat(42))).toHaveLength(1);
    expect(wrapText('the quick brown fox jumps over the lazy dog and runs away')).toEqual([
      'the quick brown fox jumps',
      'over the lazy dog and runs away',
    ]);
  });

  it('uses longer lines rather than a third one', () => {
    const lines = wrapText('word '.repeat(30));
    expect(lines.map((line) => line.length)).toEqual([74, 74]);
  });

  it('does not begin a line with the punctuation of a word', () => {
    const lines = wrapText('Vous êtes vraiment venus ici tout seul ce soir ? Quelle idée formidable');
    expect(lines.some((line) => line.startsWith('?'))).toBe(false);
  });
});
