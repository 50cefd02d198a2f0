import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { webRoot } from '../src/index.ts';
import { playTalk } from '../public/talk.js';

interface Entry {
  t: number;
  segment: number;
  final: boolean;
  text: string;
}

const entry = (t: number, segment: number, text: string, final = false): Entry => ({ t, segment, final, text });

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

describe('a recorded talk', () => {
  it('is played at the times of its entries', async () => {
    const { now, wait } = clock();
    const played: [number, string][] = [];
    const entries = [entry(100, 1, 'a'), entry(250, 1, 'a b'), entry(250, 1, 'a b.', true), entry(900, 2, 'c')];
    await playTalk(entries.with(2, entry(300, 1, 'a b.', true)), {
      now,
      wait,
      signal: new AbortController().signal,
      onEntry: ({ text }) => played.push([now() - 1000, text]),
    });
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
      entry(310, 1, 'a b. (once more)', true),
      entry(400, 2, 'c'),
      entry(500, 2, 'c d'),
      entry(600, 2, 'c d.', true),
      entry(9000, 3, 'e'),
    ];
    await playTalk(entries, {
      now,
      wait,
      signal: new AbortController().signal,
      onEntry: ({ text }) => {
        played.push(text);
        if (text === 'a') sleep(450);
      },
    });
    expect(played).toEqual(['a', 'a b.', 'a b. (once more)', 'c d', 'c d.', 'e']);
  });

  it('stops immediately when aborted', async () => {
    const controller = new AbortController();
    const played: string[] = [];
    const playing = playTalk([entry(0, 1, 'a'), entry(60_000, 1, 'b')], {
      signal: controller.signal,
      onEntry: ({ text }) => {
        played.push(text);
        setImmediate(() => {
          controller.abort(new Error('enough'));
        });
      },
    });
    await expect(playing).rejects.toThrow('enough');
    expect(played).toEqual(['a']);
  });
});

describe('the sample talks', () => {
  const load = (name: string): unknown => JSON.parse(readFileSync(`${webRoot}/samples/${name}.json`, 'utf8'));

  it('are the recognizer traces of the tests, except for a partial or two', () => {
    const talks = load('index') as { name: string }[];
    expect(talks.map(({ name }) => name).sort()).toEqual(['clinic', 'lecture', 'meeting', 'service', 'support']);
    for (const { name } of talks) {
      const { language, entries } = load(name) as { language: string; entries: Entry[] };
      const trace = new URL(`../../../test/fixtures/asr-traces/${name}.stream.jsonl`, import.meta.url);
      const lines = readFileSync(trace, 'utf8').trim().split('\n');
      const recorded = lines.map((line) => JSON.parse(line) as Entry);
      const missing = recorded.filter(({ t }) => !entries.some((kept) => kept.t === t));
      expect(language).toBe('en');
      expect(missing.length).toBeLessThanOrEqual(1);
      expect(missing.every(({ final }) => !final)).toBe(true);
      expect(entries).toEqual(recorded.filter((line) => !missing.includes(line)));
    }
  });
});
