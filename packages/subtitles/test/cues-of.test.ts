import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { cuesOf, guideline, plainTextOf, textWidth, type SubtitleCue, type TranscriptLine } from '../src/index.ts';

const at = (startMs: number, endMs: number, text: string): TranscriptLine => ({
  text,
  startMs,
  endMs,
  receivedAtMs: 0,
});
const long =
  'When we started this project, nobody believed that it would ever work, and yet here we are. ' +
  'Thank you all for coming to this little celebration tonight.';

describe('cuesOf', () => {
  it('takes the times of a line that fits', () => {
    expect(cuesOf([at(400, 1900, ' Good  morning. ')])).toEqual([{ startMs: 400, endMs: 1900, text: 'Good morning.' }]);
  });

  it('divides a long line at sentences and clauses, and its time in proportion', () => {
    expect(cuesOf([at(0, 10_000, long)])).toEqual([
      { startMs: 0, endMs: 4605, text: 'When we started this project,\nnobody believed that it would ever work,' },
      {
        startMs: 4671,
        endMs: 10_000,
        text: 'and yet here we are. Thank you all for\ncoming to this little celebration tonight.',
      },
    ]);
  });

  it('breaks languages without spaces between words, at full-width columns', () => {
    const text = '今日はお集まりいただき、ありがとうございます。これから新しい翻訳システムについて説明します。';
    const cues = cuesOf([at(0, 12_000, text)]);
    expect(cues.map((cue) => cue.text)).toEqual([
      '今日はお集まりいただき、\nありがとうございます。',
      'これから新しい翻訳システム\nについて説明します。',
    ]);
  });

  it('shows a short text long enough to be read, but not into the next', () => {
    const [first, second] = cuesOf([at(0, 100, 'Yes.'), at(500, 600, 'We have never seen anything like this.')]);
    expect(first).toMatchObject({ startMs: 0, endMs: 1000 });
    expect(second).toMatchObject({ startMs: 1000, endMs: 1000 + Math.ceil((38 / 17) * 1000) });
    expect(cuesOf([at(0, 3000, 'Yes.'), at(1500, 1600, 'No.')])[0]).toMatchObject({ endMs: 1500 });
  });

  it('shows nothing for longer than 7 s, and gives slow speech more and shorter cues', () => {
    expect(cuesOf([at(0, 60_000, 'Amen.')])).toEqual([{ startMs: 0, endMs: 7000, text: 'Amen.' }]);
    const cues = cuesOf([at(0, 30_000, long)]);
    expect(cues.every(({ text }) => !text.includes('\n'))).toBe(true);
  });

  it('takes arrival for the end of speech where there are no times', () => {
    const cues = cuesOf([
      { text: 'Good morning everyone.', receivedAtMs: 1_000_000 },
      { text: 'Welcome back.', receivedAtMs: 1_004_000 },
    ]);
    const spokenMs = Math.round((22 / 17) * 1000);
    expect(cues[0]).toMatchObject({ startMs: 0, endMs: Math.ceil((22 / 17) * 1000) });
    expect(cues[1]).toMatchObject({
      startMs: spokenMs + 4000 - Math.round((13 / 17) * 1000),
      endMs: spokenMs + 4000 - Math.round((13 / 17) * 1000) + 1000,
    });
    const [later] = cuesOf([{ text: 'Hi.', receivedAtMs: 1_000_000 }], { startedAtMs: 940_000 });
    expect(later?.endMs).toBe(60_000 + 1000 - Math.round((3 / 17) * 1000));
  });

  it('places a line without times between lines with times', () => {
    const cues = cuesOf([
      { text: 'One two three four.', startMs: 60_000, endMs: 62_000, receivedAtMs: 500_000 },
      { text: 'Five.', receivedAtMs: 510_000 },
    ]);
    expect(cues[1]).toMatchObject({ startMs: 72_000 - Math.round((5 / 17) * 1000) });
  });

  it('goes on by arrival when a recognizer was restarted and counts from 0 again', () => {
    const cues = cuesOf([
      { text: 'Before.', startMs: 600_000, endMs: 602_000, receivedAtMs: 5_000_000 },
      { text: 'After it.', startMs: 0, endMs: 2000, receivedAtMs: 5_020_000 },
      { text: 'And on.', startMs: 4000, endMs: 6000, receivedAtMs: 5_024_000 },
    ]);
    expect(cues.map(({ startMs }) => startMs)).toEqual([600_000, 620_000, 624_000]);
  });

  it('places times since 1970 by the arrival of the first one', () => {
    const epochMs = Date.UTC(2026, 11, 1);
    const lines = [
      { text: 'Good morning.', startMs: epochMs, endMs: epochMs + 2000, receivedAtMs: epochMs + 2500 },
      { text: 'Nice to see you.', startMs: epochMs + 5000, endMs: epochMs + 7000, receivedAtMs: epochMs + 7300 },
      { text: 'Unknown.', receivedAtMs: epochMs + 20_500 },
    ];
    const starts = cuesOf(lines, { startedAtMs: epochMs - 60_000 }).map(({ startMs }) => startMs);
    expect(starts.slice(0, 2)).toEqual([60_500, 65_500]);
    expect(starts[2]).toBeGreaterThan(77_000);
    expect(starts[2]).toBeLessThan(80_500);
    expect(cuesOf(lines)[0]?.startMs).toBe(0);
  });

  it('keeps the times of a recording of more than a day', () => {
    const hourMs = 3_600_000;
    const lines = Array.from({ length: 30 }, (_, hour) => ({
      ...at(hour * hourMs, hour * hourMs + 2000, 'Still here.'),
    }));
    expect(cuesOf(lines, { startedAtMs: 0 }).at(-1)?.startMs).toBe(29 * hourMs);
  });

  it('keeps the order of the lines where people speak at the same time', () => {
    const cues = cuesOf([at(0, 5000, 'I was saying something.'), at(1000, 2000, 'Not now.'), at(5500, 8000, 'Fine.')]);
    expect(cues.map(({ startMs, text }) => [startMs, text])).toEqual([
      [0, 'I was saying something.'],
      [1150, 'Not now.'],
      [5500, 'Fine.'],
    ]);
  });

  it('leaves out lines without visible text', () => {
    expect(cuesOf([at(0, 1000, ''), at(1000, 2000, ' \u200b')])).toEqual([]);
    expect(plainTextOf([{ text: 'one\ntwo ' }, { text: ' ' }, { text: 'three' }])).toBe('one two\nthree\n');
  });

  it('makes readable cues of any transcript, and loses and repeats nothing', () => {
    const random = seededRandom(testSeed('cues-of'));
    for (let round = 0; round < 60; round++) {
      const lines = randomTranscript(random);
      const cues = cuesOf(lines);
      expect(visible(cues.map(({ text }) => text).join(''))).toBe(visible(lines.map(({ text }) => text).join('')));
      expect(cues.flatMap((cue, index) => problemsOf(cue, cues[index - 1]?.endMs ?? 0))).toEqual([]);
    }
  });

  it('handles a very long text in linear time', () => {
    const cues = cuesOf([at(0, 1000, 'word '.repeat(60_000)), at(1000, 2000, 'x'.repeat(100_000))]);
    expect(cues.length).toBeGreaterThan(3000);
  });
});

/** What is wrong with a cue, by name. */
function problemsOf({ startMs, endMs, text }: SubtitleCue, freeMs: number): string[] {
  const rows = text.split('\n');
  const width = rows.reduce((sum, row) => sum + textWidth(row), 0);
  const durationMs = endMs - startMs;
  const problems = {
    overlap: startMs < freeMs,
    fraction: !Number.isInteger(startMs) || !Number.isInteger(endMs),
    lines: rows.length > guideline.maxLines || rows.some((row) => textWidth(row) > guideline.maxLineWidth),
    short: durationMs < guideline.minDurationMs || durationMs < (width / guideline.maxReadingSpeed) * 1000,
    long: durationMs > guideline.maxDurationMs,
  };
  return Object.entries(problems).flatMap(([name, isWrong]) =>
    isWrong ? [`${name}: ${startMs}-${endMs} ${text}`] : [],
  );
}

function visible(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, '');
}

const scripts = [
  [
    'the',
    'a',
    'conference',
    'extraordinary',
    'it',
    'Dr.',
    '3.14',
    'e.g.',
    '—',
    '!',
    'l’été',
    'https://example.com/a/b?c=d',
  ],
  ['日本語', '、', '私は', '。', '東京', '「はい」', 'ー', 'コンピューター', '！'],
  ['ภาษาไทย', 'สวัสดีครับ', 'ๆ'],
  ['العربية', '،', 'مرحبا', '؟', '\u200f'],
  ['👩‍👩‍👧‍👦', '🇪🇸', 'e\u0301\u0302', '\u00a0', '\t', '\n', 'ﷺ', '…', '«', '»', '(', ')'],
  ['x'.repeat(60), '漢'.repeat(50), '!'.repeat(90)],
];

function randomTranscript(random: () => number): TranscriptLine[] {
  const below = (limit: number): number => Math.floor(random() * limit);
  let clockMs = 1_700_000_000_000;
  let saidMs = below(5000);
  const isTimed = random() < 0.5;
  return Array.from({ length: 1 + below(12) }, () => {
    const glue = random() < 0.3 ? '' : ' ';
    const main = scripts[below(scripts.length)] ?? [];
    const words = Array.from({ length: below(60) }, () => {
      const from = random() < 0.9 ? main : (scripts[below(scripts.length)] ?? []);
      return from[below(from.length)] ?? '';
    });
    clockMs += random() < 0.3 ? 0 : below(20_000);
    const startMs = Math.max(0, (saidMs += below(8000) - 1000));
    const times = { startMs, ...(random() < 0.9 ? { endMs: startMs + below(15_000) } : {}) };
    return {
      text: `a${words.join(glue)}`,
      receivedAtMs: clockMs,
      ...(isTimed !== random() < 0.1 ? times : {}),
    };
  });
}
