import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { formatSubtitles, parseSubtitles, type SubtitleCue } from '../src/index.ts';

const format = (
  cues: readonly SubtitleCue[],
  to: 'srt' | 'vtt',
  header: string[] = [],
  blocks: string[] = [],
): string => formatSubtitles({ header, blocks, cues }, to);

describe('formatSubtitles', () => {
  const cues: SubtitleCue[] = [
    { startMs: 0, endMs: 1, text: 'R&D: 1 < 2', tags: ['b', 'i'], alignment: 8 },
    { startMs: 5, endMs: 9, text: ' \u200b ' },
    { startMs: 3_600_000, endMs: 360_000_000, text: 'one\n\n two ', voice: 'Ann', identifier: 'x', settings: 'line:1' },
  ];

  it('writes SubRip, and leaves out what it cannot express', () => {
    expect(format(cues, 'srt', ['Language: en'], ['STYLE\nx'])).toBe(
      '1\n00:00:00,000 --> 00:00:00,001\n{\\an8}<b><i>R&D: 1 < 2</i></b>\n\n2\n01:00:00,000 --> 100:00:00,000\none\ntwo\n',
    );
  });

  it('writes WebVTT', () => {
    expect(format(cues, 'vtt', ['Language: en'], ['STYLE\nx'])).toBe(
      [
        'WEBVTT\nLanguage: en\n',
        'STYLE\nx\n',
        '00:00:00.000 --> 00:00:00.001 line:0\n<b><i>R&amp;D: 1 &lt; 2</i></b>\n',
        'x\n01:00:00.000 --> 100:00:00.000 line:1\n<v Ann>one\ntwo\n',
      ].join('\n'),
    );
  });

  it('keeps the coordinates of SubRip in SubRip only', () => {
    const [cue] = parseSubtitles('1\n00:00:01,000 --> 00:00:02,000 X1:40 X2:600 odd\none').cues;
    expect(format(cue === undefined ? [] : [cue], 'srt')).toContain('00:00:02,000 X1:40 X2:600\n');
    expect(format(cue === undefined ? [] : [cue], 'vtt')).toContain('00:00:02.000\n');
  });

  it('never writes an arrow or a blank line into a text, nor an end that is not after its start', () => {
    const cue = { startMs: 10, endMs: 10, text: '1 --> 2\r\n\r\n3', identifier: 'a --> b' };
    expect(format([cue], 'srt')).toBe('1\n00:00:00,010 --> 00:00:00,011\n1 → 2\n3\n');
    expect(format([cue], 'vtt')).toBe('WEBVTT\n\na → b\n00:00:00.010 --> 00:00:00.011\n1 --&gt; 2\n3\n');
  });

  it.each([
    [-1, 2],
    [NaN, 2],
    [2, 1],
    [0, Infinity],
  ])('refuses the times %p to %p', (startMs, endMs) => {
    expect(() => format([{ startMs, endMs, text: 'x' }], 'srt')).toThrow(RangeError);
  });

  it.each(['srt', 'vtt'] as const)('writes %s that is read back as it was', (to) => {
    const random = seededRandom(testSeed(`format-subtitles ${to}`));
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const words = ['hello', '42', 'R&D', '--', '>', '«oui»', '日本語。', 'NOTE', 'STYLE', 'WEBVTT', 'x:1', 'مرحبا'];
    const text = (): string =>
      Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
        Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(words)).join(' '),
      ).join('\n');
    for (let round = 0; round < 200; round++) {
      let clock = 0;
      const written = Array.from({ length: 1 + Math.floor(random() * 5) }, (): SubtitleCue => {
        const startMs = (clock += Math.floor(random() * 100_000));
        const tags = random() < 0.3 ? { tags: [pick(['i', 'b', 'u'])] } : {};
        return { startMs, endMs: startMs + 1 + Math.floor(random() * 5000), text: text(), ...tags };
      });
      expect(parseSubtitles(format(written, to)).cues).toEqual(written);
    }
  });
});
