import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { playTalk, talkEntries, type Sentence, type TalkEntry } from '../../src/speak/inputs/sample-talk.ts';

const entry = (atMs: number, sentence: number, text: string, isFinal = false): TalkEntry => ({
  atMs,
  sentence,
  isFinal,
  text,
});

/** A clock that advances only by waiting. */
const clock = () => {
  let nowMs = 1000;
  return {
    now: () => nowMs,
    wait: (ms: number): Promise<void> => {
      nowMs += ms;
      return Promise.resolve();
    },
    sleep: (ms: number) => {
      nowMs += ms;
    },
  };
};

describe('the entries of a talk', () => {
  it('grow word by word, and punctuation comes with the next word', () => {
    const entries = talkEntries([
      { startMs: 1000, endMs: 2000, text: 'Yes, we can.' },
      { startMs: 3000, endMs: 3500, text: 'Thanks.' },
    ]);
    expect(entries).toEqual([
      entry(1333, 0, 'Yes'),
      entry(1583, 0, 'Yes, we'),
      entry(2000, 0, 'Yes, we can.', true),
      entry(3500, 1, 'Thanks.', true),
    ]);
  });
});

describe('a sample talk', () => {
  it('is played at the times of its entries', async () => {
    const { now, wait } = clock();
    const played: [number, string][] = [];
    const entries = [entry(100, 1, 'a'), entry(250, 1, 'a b'), entry(300, 1, 'a b.', true), entry(900, 2, 'c')];
    const onEntry = ({ text }: TalkEntry): number => played.push([now() - 1000, text]);
    await playTalk(entries, { now, wait, signal: new AbortController().signal, onEntry });
    expect(played).toEqual([
      [100, 'a'],
      [250, 'a b'],
      [300, 'a b.'],
      [900, 'c'],
    ]);
  });

  it('skips outdated partials after a sleep, but no final', async () => {
    const { now, wait, sleep } = clock();
    const played: string[] = [];
    const entries = [
      entry(100, 1, 'a'),
      entry(200, 1, 'a b'),
      entry(300, 1, 'a b.', true),
      entry(400, 2, 'c'),
      entry(500, 2, 'c d'),
      entry(600, 2, 'c d.', true),
      entry(9000, 3, 'e'),
    ];
    const onEntry = ({ text }: TalkEntry): void => {
      played.push(text);
      if (text === 'a') sleep(450);
    };
    await playTalk(entries, { now, wait, signal: new AbortController().signal, onEntry });
    expect(played).toEqual(['a', 'a b.', 'c d', 'c d.', 'e']);
  });

  it('stops immediately when aborted', async () => {
    const controller = new AbortController();
    const played: string[] = [];
    const onEntry = ({ text }: TalkEntry): void => {
      played.push(text);
      setImmediate(() => controller.abort(new Error('enough')));
    };
    const playing = playTalk([entry(0, 1, 'a'), entry(60_000, 1, 'b')], { signal: controller.signal, onEntry });
    await expect(playing).rejects.toThrow('enough');
    expect(played).toEqual(['a']);
  });
});

describe('the sample talks', () => {
  const load = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../public/samples/${name}.json`, import.meta.url), 'utf8'));
  const names = (load('index') as { name: string }[]).map(({ name }) => name);
  const sentencesOf = (name: string): readonly Sentence[] =>
    (load(name) as { sentences: readonly Sentence[] }).sentences;

  it('are the talks of the recognizer traces', () => {
    expect(names.toSorted()).toEqual(['clinic', 'lecture', 'meeting', 'service', 'support']);
  });

  it.each(names)('"%s" consists of correct sentences, one after the other', (name) => {
    const sentences = sentencesOf(name);
    expect(sentences).toHaveLength(15);
    for (const { text } of sentences) expect(text).toMatch(/^[A-Z][^.?!]*(?:[.?!] [A-Z][^.?!]*)?[.?!]$/);
    const times = sentences.flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it.each(names)('"%s" is what was said, but for the way of writing it', (name) => {
    const script = readFileSync(
      new URL(`../../../../test/fixtures/asr-traces/${name}.txt`, import.meta.url),
      'utf8',
    ).split('\n');
    const wordsOf = (text: string): string =>
      text
        .toLowerCase()
        .replace(/[^a-z ]/g, '')
        .replace('nineteen forty ', ' ')
        .replace(/\s+/g, ' ');
    sentencesOf(name).forEach(({ text }, index) => expect(wordsOf(text)).toBe(wordsOf(script[index] ?? '')));
  });
});
