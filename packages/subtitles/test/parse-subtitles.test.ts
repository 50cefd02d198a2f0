import { describe, expect, it } from '@jest/globals';
import { parseSubtitles, SubtitleError } from '../src/index.ts';

const texts = (file: string): string[] => parseSubtitles(file).cues.map(({ text }) => text);

describe('parseSubtitles', () => {
  it('reads SubRip', () => {
    const file = '1\n00:00:01,000 --> 00:00:02,500\nGood morning.\n\n2\n01:02:03,004 --> 01:02:05,000\nTwo\nlines.\n';
    expect(parseSubtitles(file)).toEqual({
      format: 'srt',
      header: [],
      blocks: [],
      cues: [
        { startMs: 1000, endMs: 2500, text: 'Good morning.' },
        { startMs: 3_723_004, endMs: 3_725_000, text: 'Two\nlines.' },
      ],
    });
  });

  it('reads WebVTT with header, styles, comments, identifiers and settings', () => {
    const file = [
      ...['WEBVTT - a talk', 'Kind: captions', 'Language: en', '', 'STYLE', '::cue { color: lime }', ''],
      ...[
        'NOTE',
        'said quickly',
        '',
        'intro',
        '00:01.000 --> 00:02.500 line:0 align:start',
        '<v Ann>Hello &amp; welcome',
      ],
    ].join('\n');
    expect(parseSubtitles(file)).toEqual({
      format: 'vtt',
      header: ['Kind: captions', 'Language: en'],
      blocks: ['STYLE\n::cue { color: lime }'],
      cues: [
        {
          startMs: 1000,
          endMs: 2500,
          text: 'Hello & welcome',
          identifier: 'intro',
          settings: 'line:0 align:start',
          voice: 'Ann',
        },
      ],
    });
  });

  it.each([
    ['a byte order mark and carriage returns', '\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\none\r\n\r\n'],
    ['old Macintosh line ends', '1\r00:00:01,000 --> 00:00:02,000\rone\r'],
    ['no number', '00:00:01,000 --> 00:00:02,000\none'],
    ['no hours, a period, and no fraction', '1\n00:01.0 --> 0:02\none'],
    ['colons before the fractions', '1\n00:00:01:000 --> 00:00:02:000\none'],
    ['a short arrow and spaces', '1\n  00:00:01,000 -> 00:00:02,000  \n one '],
    ['a blank line after the number', '1\n\n00:00:01,000 --> 00:00:02,000\none\n'],
    ['a WebVTT header only', 'WEBVTT\n00:01.000 --> 00:02.000\none'],
  ])('accepts %s', (_what, file) => {
    expect(parseSubtitles(file).cues).toEqual([{ startMs: 1000, endMs: 2000, text: 'one' }]);
  });

  it('reads cues without blank lines between them, and texts with blank lines in them', () => {
    const times = '00:00:01,000 --> 00:00:02,000';
    expect(texts(`1\n${times}\none\n2\n${times}\ntwo`)).toEqual(['one', 'two']);
    expect(texts(`${times}\none\n${times}\ntwo`)).toEqual(['one', 'two']);
    expect(texts(`1\n${times}\none\n\nmore\n\n2\n${times}\ntwo`)).toEqual(['one\nmore', 'two']);
    expect(texts(`1\n${times}\n1984\n\n2\n${times}\ntwo`)).toEqual(['1984', 'two']);
  });

  it.each([
    ['<i>all of it</i>', { text: 'all of it', tags: ['i'] }],
    ['<b><i>one</i>\n<i>two</i></b>', { text: 'one\ntwo', tags: ['b', 'i'] }],
    ['<i>first</i> and <i>last</i>', { text: 'first and last' }],
    ['he <i>never</i> came', { text: 'he never came' }],
    ['<font color="#fff">white</font>', { text: 'white' }],
    ['{\\an8}above', { text: 'above', alignment: 8 }],
    ['{\\an8\\fs20}{brace} a < b > c', { text: '{brace} a < b > c' }],
    ['R&amp;D', { text: 'R&amp;D' }],
  ])('reads the markup of %j in SubRip', (raw, expected) => {
    const [cue] = parseSubtitles(`1\n00:00:01,000 --> 00:00:02,000\n${raw}`).cues;
    expect(cue).toEqual({ startMs: 1000, endMs: 2000, ...expected });
  });

  it.each([
    ['<c.yellow>all</c>', { text: 'all', tags: ['c.yellow'] }],
    ['<v Ann>Hi.\n<v Bob>Hello.', { text: 'Hi.\nHello.' }],
    ['one <00:00:01.500><c>two</c>', { text: 'one two' }],
    ['1 &lt; 2&nbsp;&unknown;', { text: '1 < 2\u00a0&unknown;' }],
  ])('reads the markup of %j in WebVTT', (raw, expected) => {
    const [cue] = parseSubtitles(`WEBVTT\n\n00:01.000 --> 00:02.000\n${raw}`).cues;
    expect(cue).toEqual({ startMs: 1000, endMs: 2000, ...expected });
  });

  it.each([
    ['', undefined, 'there are no subtitles in it'],
    ['WEBVTT\n\nNOTE only a comment', undefined, 'there are no subtitles in it'],
    ['{"text": "not subtitles"}', 1, 'expected the times of a cue, found "{"text": "not subtitles"}"'],
    ['1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:61,000 --> 00:01:02,000\ntwo', 6, "can't be read as the times"],
    ['1\n00:00:99 --> 00:02:00\none', 2, '"00:00:99 --> 00:02:00" can\'t be read as the times'],
    ['1\n00:00:O1,000 --> 00:00:02,000\none', 2, '"00:00:O1,000 --> 00:00:02,000" can\'t be read as the times'],
    ['1\n00:00:03,000 --> 00:00:02,000\none', 2, 'the cue ends before it starts'],
    [`1\n00:00:01,000 --> 00:00:02,000\n${'x'.repeat(5000)}`, 3, 'may have at most 5000 characters'],
    ['00:01 --> 00:02\n'.repeat(100_001), 100_001, 'at most 100000 cues'],
    ['x'.repeat(20_000_001), undefined, 'at most 20000000 characters'],
  ])('refuses an unreadable file, and names the line (%#)', (file, line, message) => {
    const parse = (): unknown => parseSubtitles(file);
    expect(parse).toThrow(SubtitleError);
    expect(parse).toThrow(expect.objectContaining({ line, message: expect.stringContaining(message) }));
    if (line !== undefined) expect(parse).toThrow(new RegExp(`^line ${line}: `));
  });

  it('reads a hostile file in linear time', () => {
    const times = `00:00:01,000 --> 00:00:02,000${' '.repeat(2_000_000)}x`;
    expect(parseSubtitles(`1\n${times}\n${'<i '.repeat(1600)}`).cues).toHaveLength(1);
    expect(() => parseSubtitles('1:'.repeat(5_000_000))).toThrow(SubtitleError);
  });
});
