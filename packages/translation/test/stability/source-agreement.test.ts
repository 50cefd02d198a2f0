import { describe, expect, it } from '@jest/globals';
import { maxDueIntervalMs, observeSource, type SourceAgreement, type SourceRevision } from '../../src/index.ts';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';

/** `[text, stable]`; a string is a text for which the recognizer doesn't say what is stable. */
type Step = string | readonly [text: string, stable: string];

/** Observes revisions that follow each other so closely that none is due for its time, and returns which are due. */
function dueOf(steps: readonly Step[], language = 'en', intervalMs = 1): boolean[] {
  let state: SourceAgreement | undefined;
  return steps.map((step, index) => {
    const [text, stable] = typeof step === 'string' ? [step, undefined] : step;
    const { state: next, isDue } = observeSource(state, { text, stable, language, atMs: index * intervalMs });
    state = JSON.parse(JSON.stringify(next)) as SourceAgreement;
    return isDue;
  });
}

const [due, not] = [true, false];

describe('a revision', () => {
  it.each<[string, readonly Step[], boolean[]]>([
    ['is due if it is the first', ['so'], [due]],
    ['is due if the agreed text has grown', ['so', 'so we', 'so we go'], [due, due, due]],
    ['is not due if only words differ that are not agreed', ['so', 'so we', 'so he', 'so she'], [due, due, not, not]],
    ['is due once a new word is confirmed', ['so', 'so we', 'so he', 'so he went'], [due, due, not, due]],
    ['is compared with the one before, due or not', ['a', 'a b', 'a c', 'a d', 'a c'], [due, due, not, not, not]],
    ['agrees with itself when it is observed a second time', ['so we go', 'so we go'], [due, due]],
    ['is not due the third time', ['so we go', 'so we go', 'so we go'], [due, due, not]],
    ['is not due if the agreed text is shorter', ['a b c', 'a b c', 'a b x'], [due, due, not]],
    ['is due if the agreed text has changed', ['a b c', 'a b c', 'a b x', 'a b x'], [due, due, not, due]],
    ['is due if the agreed text is another of equal length', ['a b', 'a b', 'x y', 'x y'], [due, due, not, due]],
    ['is compared without case', ['so we', 'So We', 'SO WE'], [due, due, not]],
    ['is compared without punctuation', ['so we', 'so, we', '“so” (we', '“so” (we'], [due, due, not, not]],
    ['is compared without punctuation between spaces', ['so we', 'so we', 'so – we', 'so – we'], [due, due, not, not]],
    ['is compared with the punctuation within words', ["we'll", "we'll", 'well', 'well'], [due, due, not, due]],
    ['is due if it ends a sentence', ['so we', 'so we', 'so he.', 'so she?”'], [due, due, due, due]],
    ['is due again after a sentence only for another reason', ['so we.', 'so we.', 'so we'], [due, due, not]],
  ])('%s', (_, steps, expected) => {
    expect(dueOf(steps)).toEqual(expected);
  });

  it('starts from what is agreed at a sentence end, not from its last words', () => {
    expect(dueOf(['so we', 'so we', 'so he.', 'so he'])).toEqual([due, due, due, due]);
  });

  it.each<[string, string[], boolean[]]>([
    ['zh', ['大', '大家', '大家好', '大家早'], [due, due, due, not]],
    ['zh', ['大家好', '大家好', '大家，好', '大家好。'], [due, due, not, due]],
    ['ja', ['今日', '今日は', '今日わ', '今日わ'], [due, due, not, due]],
  ])('in %s consists of graphemes: %j', (language, steps, expected) => {
    expect(dueOf(steps, language)).toEqual(expected);
  });
});

describe('the prefix that the recognizer calls stable', () => {
  it.each<[string, readonly Step[], boolean[]]>([
    [
      'replaces agreement',
      [
        ['a b', ''],
        ['a b', ''],
        ['a b c', 'a'],
        ['a b c', 'a'],
      ],
      [due, not, due, not],
    ],
    [
      'is compared without case and punctuation',
      [
        ['a', ''],
        ['a b', 'a'],
        ['A, b', 'A,'],
      ],
      [due, due, not],
    ],
    [
      'makes the revision due if it has changed',
      [
        ['a', ''],
        ['a b', 'a b'],
        ['a x', 'a x'],
      ],
      [due, due, due],
    ],
    ['may be missing in some revisions', [['a b', ''], ['a b', 'a'], 'a b c', 'a b x'], [due, due, due, not]],
  ])('%s', (_, steps, expected) => {
    expect(dueOf(steps)).toEqual(expected);
  });
});

describe('revisions that never agree', () => {
  it('are due when enough time has passed since the last due one', () => {
    const steps = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    expect(dueOf(steps, 'en', maxDueIntervalMs / 2)).toEqual([due, not, due, not, due, not, due, not]);
    expect(dueOf(steps.slice(0, 4), 'en', maxDueIntervalMs / 2 - 1)).toEqual([due, not, not, due]);
  });

  it('are due for their time also if the recognizer calls nothing stable', () => {
    const steps = ['a', 'b', 'c', 'd'].map((text): Step => [text, '']);
    expect(dueOf(steps, 'en', maxDueIntervalMs / 2)).toEqual([due, not, due, not]);
  });

  it('count the time from any revision that was due', () => {
    const half = maxDueIntervalMs / 2;
    expect(dueOf(['a', 'a b', 'x', 'y', 'z'], 'en', half)).toEqual([due, due, not, due, not]);
  });
});

describe('random revisions', () => {
  const random = seededRandom(testSeed('source agreement'));
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const words = ['a', 'A', 'b', 'c,', 'd.', '–', "e'f", '?'];

  function next(before: readonly string[]): string[] {
    const kept = random() < 0.7 ? before : before.slice(0, Math.floor(random() * (before.length + 1)));
    return [...kept, ...Array.from({ length: Math.floor(random() * 3) }, () => pick(words))];
  }

  it('never wait longer than the limit, and are due if they end a sentence', () => {
    for (let round = 0; round < 100; round++) {
      let [state, dueAtMs, atMs, units]: [SourceAgreement | undefined, number, number, string[]] = [
        undefined,
        0,
        0,
        [],
      ];
      for (let step = 0; step < 40; step++) {
        units = next(units);
        const text = units.join(' ');
        const stable = random() < 0.2 ? units.slice(0, Math.floor(random() * units.length)).join(' ') : undefined;
        const revision: SourceRevision = { text, stable, language: pick(['en', 'ja']), atMs };
        const observed = observeSource(state, revision);
        if (step === 0 || atMs - dueAtMs >= maxDueIntervalMs || /[.?]$/.test(text)) expect(observed.isDue).toBe(true);
        if (observed.isDue) dueAtMs = atMs;
        state = observed.state;
        // The same revision once more agrees with itself; a third time says nothing new.
        const again = observeSource(state, { text, language: revision.language, atMs });
        const third = observeSource(again.state, { text, language: revision.language, atMs });
        if (!/[.?]$/.test(text)) expect(third.isDue).toBe(false);
        atMs += Math.floor(random() * 300);
      }
    }
  });

  it.each(['word ', '.', ' ', 'a!', '“'])('are observed in linear time: 20,000 characters of %j', (pattern) => {
    const text = `x${pattern.repeat(20_000 / pattern.length)}x`;
    let state: SourceAgreement | undefined;
    const before = process.cpuUsage();
    for (let atMs = 0; atMs < 3; atMs++) ({ state } = observeSource(state, { text, language: 'en', atMs }));
    // Milliseconds are enough; in quadratic time it takes several seconds.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    expect(state?.units.at(-1)).toMatch(/x$/);
  });
});
