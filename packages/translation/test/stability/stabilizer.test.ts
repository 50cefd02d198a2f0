import { describe, expect, it } from '@jest/globals';
import type { StabilitySetting } from '@parley/protocol';
import {
  commonUnits,
  readingUnits,
  showBeginning,
  stabilize,
  stabilizerState,
  type Caption,
  type StabilizerState,
} from '../../src/index.ts';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';

/** A translation, and what is shown after it: `concluded|tentative`. */
type Step = readonly [atMs: number, text: string, shown: string, sentence?: 'ends sentence'];

const both = ({ concluded, tentative }: Caption): string => `${concluded}|${tentative}`;

function parseCaption(text: string): Caption {
  const [concluded = '', tentative = ''] = text.split('|');
  return { concluded, tentative };
}

/** Expects what is shown after each step, beginning with a thread that knows only what is shown. */
function expectShown(
  setting: StabilitySetting,
  steps: readonly Step[],
  { shown = '|', target = 'es' }: { readonly shown?: string; readonly target?: string } = {},
): void {
  let state = stabilizerState(parseCaption(shown));
  const actual = steps.map(([atMs, text, , sentence]): Step => {
    const next = stabilize(setting, state, { text, target, atMs, isComplete: sentence !== undefined });
    state = JSON.parse(JSON.stringify(next)) as StabilizerState;
    return sentence === undefined
      ? [atMs, text, both(state.caption)]
      : [atMs, text, both(state.caption), 'ends sentence'];
  });
  expect(actual).toEqual(steps);
}

describe('balanced: what is shown', () => {
  it('is all but the last word at first', () => {
    expectShown('balanced', [[0, 'a b c', '|a b']]);
  });

  it('is a single word once it is confirmed', () => {
    expectShown('balanced', [
      [0, 'a', '|'],
      [1, 'a', '|a'],
    ]);
    expectShown('balanced', [
      [0, 'a', '|'],
      [1, 'b', '|'],
      [2, 'b', '|b'],
    ]);
  });

  it('grows by words that two translations have, or that are not among the last two', () => {
    expectShown('balanced', [
      [0, 'a b c', '|a b'],
      [1, 'a b c d', '|a b c'],
      [2, 'a b c d e f g', '|a b c d e'],
      [3, 'a b c d e x y', '|a b c d e'],
      [4, 'a b c d e x y', '|a b c d e x y'],
    ]);
  });

  it('contains the whole translation when the same one comes again', () => {
    expectShown('balanced', [
      [0, 'a b c', '|a b'],
      [1, 'a b c', '|a b c'],
      [2, 'a b c', '|a b c'],
    ]);
  });

  it('is replaced only when a second translation confirms another word', () => {
    expectShown('balanced', [
      [0, 'a b c d e', '|a b c d'],
      [1, 'a x c d e f', '|a b c d'],
      [2, 'a y c d e f', '|a b c d'],
      [3, 'a y c d e f g', '|a y c d e f'],
    ]);
  });

  it('is not replaced if only words before the changed one are confirmed', () => {
    expectShown('balanced', [
      [0, 'a b c d e', '|a b c d'],
      [1, 'a b x d e', '|a b c d'],
      [2, 'a b y d e', '|a b c d'],
      [3, 'a b c d e', '|a b c d'],
    ]);
  });

  it('is replaced by text that is far shorter, once it is confirmed', () => {
    expectShown('balanced', [
      [0, 'a b c d e f g h i', '|a b c d e f g h'],
      [1, 'a x y z', '|a b c d e f g h'],
      [2, 'a x y z', '|a x y z'],
      [3, 'a x y z w', '|a x y z'],
      [4, 'a x y z w', '|a x y z w'],
    ]);
  });

  it('is not replaced by its own beginning', () => {
    expectShown('balanced', [
      [0, 'a b c d e', '|a b c d'],
      [1, 'a b', '|a b c d'],
      [2, 'a b', '|a b c d'],
    ]);
  });

  it('is the whole translation where the source ends a sentence, even if it is shorter or differs', () => {
    expectShown('balanced', [[0, 'a b c', '|a b c', 'ends sentence']]);
    expectShown('balanced', [[0, 'a', '|a', 'ends sentence']]);
    expectShown('balanced', [
      [0, 'a b c d e f g h', '|a b c d e f g'],
      [1, 'a x', '|a x', 'ends sentence'],
    ]);
  });

  it('does not change with an empty translation', () => {
    expectShown('balanced', [
      [0, '', '|'],
      [1, '', '|'],
      [2, 'a b c', '|a b'],
      [3, '', '|a b'],
      [4, '', '|a b'],
      [5, 'a b c d', '|a b'],
    ]);
    expectShown('balanced', [[0, '', 'a b| c']], { shown: 'a b| c' });
    expectShown('balanced', [[0, '', 'a b|', 'ends sentence']], { shown: 'a b| c' });
  });
});

describe('balanced: what is concluded', () => {
  it('is in three translations over 1.5 s, without the last three words', () => {
    expectShown('balanced', [
      [0, 'a b c d e', '|a b c d'],
      [750, 'a b c d e f', '|a b c d e'],
      [1500, 'a b c d e f g', 'a b c d| e f'],
    ]);
    expectShown('balanced', [
      [0, 'a b c d', '|a b c'],
      [750, 'a b c d', '|a b c d'],
      [1500, 'a b c d', 'a| b c d'],
      [2250, 'a b c d e f g h', 'a b c d| e f'],
    ]);
  });

  it('needs the whole time', () => {
    expectShown('balanced', [
      [0, 'a b c d e f', '|a b c d e'],
      [750, 'a b c d e f', '|a b c d e f'],
      [1499, 'a b c d e f', '|a b c d e f'],
      [1500, 'a b c d e f', 'a b c| d e f'],
    ]);
  });

  it('needs the third translation, however late the second is', () => {
    expectShown('balanced', [
      [0, 'a b c d e f', '|a b c d e'],
      [9000, 'a b c d e f', '|a b c d e f'],
      [9001, 'a b c d e f', 'a b c| d e f'],
    ]);
  });

  it('must be in the translations between as well', () => {
    expectShown('balanced', [
      [0, 'a b c d e f g', '|a b c d e f'],
      [750, 'a b x d e f g', '|a b c d e f'],
      [1500, 'a b c d e f g', 'a b| c d e f'],
    ]);
  });

  it('need not be in older translations', () => {
    expectShown('balanced', [
      [0, 'x y z w v u', '|x y z w v'],
      [300, 'a b c d e f', '|x y z w v'],
      [1050, 'a b c d e f', '|a b c d e f'],
      [1800, 'a b c d e f', 'a b c| d e f'],
    ]);
  });

  it('includes the last words where the source ends a sentence', () => {
    expectShown('balanced', [
      [0, 'a b c d', '|a b c'],
      [750, 'a b c d', '|a b c d'],
      [1500, 'a b c d', 'a b c d|', 'ends sentence'],
    ]);
  });

  it('is not only what the sentence end shows', () => {
    expectShown('balanced', [
      [0, 'a b c d', '|a b c d', 'ends sentence'],
      [1600, 'a b c d', '|a b c d', 'ends sentence'],
    ]);
  });

  it('replaces other words that are shown, even if these are many more', () => {
    expectShown(
      'balanced',
      [
        [0, 'p q r s t u', '|a b c d e f g h i j'],
        [750, 'p q r s t u', '|p q r s t u'],
        [1500, 'p q r s t u', 'p q r| s t u'],
      ],
      { shown: '|a b c d e f g h i j' },
    );
  });

  it.each([20, 50, 100, 333])('grows also if a translation comes every %d ms', (intervalMs) => {
    let state = stabilizerState();
    for (let atMs = 0; atMs <= 2000; atMs += intervalMs) {
      const text = 'a b c d e f';
      state = stabilize('balanced', state, { text, target: 'es', isComplete: false, atMs });
      expect(both(state.caption)).toBe(
        ['|a b c d e', '|a b c d e f'][atMs / intervalMs] ?? (atMs < 1500 ? '|a b c d e f' : 'a b c| d e f'),
      );
      expect(state.latest.length).toBeLessThanOrEqual(10);
    }
  });

  it('must be in every translation of that time, however many there are', () => {
    let state = stabilizerState();
    for (let atMs = 0; atMs < 3000; atMs += 20) {
      // Twice a second another translation.
      const text = atMs % 500 === 0 ? 'a b x d e f' : 'a b c d e f';
      state = stabilize('balanced', state, { text, target: 'es', isComplete: false, atMs });
      expect(state.caption.concluded).toBe(atMs < 1500 ? '' : 'a b');
    }
  });
});

describe('balanced: a translation that departs from what is concluded', () => {
  it('follows after as many words', () => {
    expectShown(
      'balanced',
      [
        [0, 'x y z d e f', 'a b c| d'],
        [750, 'x y z d e f', 'a b c| d e f'],
        [1500, 'x y z d e f', 'a b c| d e f'],
        [9000, 'x y z d e f g', 'a b c| d e f'],
      ],
      { shown: 'a b c|' },
    );
  });

  it('changes nothing if it has no more words', () => {
    expectShown(
      'balanced',
      [
        [0, 'x y', 'a b c|'],
        [1, 'x y z', 'a b c|'],
        [2, 'x y z', 'a b c|', 'ends sentence'],
      ],
      { shown: 'a b c|' },
    );
  });

  it('extends it again once it begins with it', () => {
    expectShown(
      'balanced',
      [
        [0, 'a x c d e f g', 'a b| c d e'],
        [750, 'a b c d e f g', 'a b| c d e'],
        [1500, 'a b c d e f g', 'a b| c d e f g'],
        [2250, 'a b c d e f g', 'a b c d| e f g'],
      ],
      { shown: 'a b|' },
    );
  });

  it('may differ in white space only', () => {
    expectShown(
      'balanced',
      [
        [0, 'a  b c d', 'a b|'],
        [1, 'a  b c d', 'a b| c d'],
      ],
      { shown: 'a b|' },
    );
  });

  it('does not begin with a word of which only the beginning is the same', () => {
    expectShown('balanced', [[0, 'a bb c d e', 'a b| c']], { shown: 'a b|' });
  });
});

describe('high', () => {
  it('concludes what two translations have, at least 150 ms apart, without the last two words', () => {
    expectShown('high', [
      [0, 'a b c d', '|'],
      [150, 'a b c d e', 'a b c|'],
      [300, 'a b c d e f', 'a b c d|'],
      [450, 'a b c d x y z w', 'a b c d|'],
      [600, 'a b c d x y z w', 'a b c d x y|'],
    ]);
  });

  it('considers as many translations as the time requires', () => {
    expectShown('high', [
      [0, 'a b x d', '|'],
      [149, 'a b c d e', '|'],
      [298, 'a b c d e', 'a b|'],
      [299, 'a b c d e', 'a b c|'],
    ]);
  });

  it('includes the last words where the source ends a sentence', () => {
    expectShown('high', [
      [0, 'a b c', '|', 'ends sentence'],
      [150, 'a b c', 'a b c|', 'ends sentence'],
    ]);
  });

  it('never changes what is concluded', () => {
    expectShown(
      'high',
      [
        [0, 'x b c d e', 'a b|'],
        [500, 'x b c d e', 'a b|'],
        [1000, 'x b c d e', 'a b|', 'ends sentence'],
        [1500, '', 'a b|'],
        [2000, 'a', 'a b|'],
        [2500, 'a b c d e', 'a b|'],
        [3000, 'a b c d e', 'a b c|'],
      ],
      { shown: 'a b|' },
    );
  });

  it('shows nothing tentative if the setting has changed while the segment was open', () => {
    expectShown('high', [[0, 'a b c d e', 'a b|']], { shown: 'a b| c d' });
  });
});

describe('off', () => {
  it('shows every translation as it is', () => {
    expectShown('off', [
      [0, 'a b c', '|a b c'],
      [500, 'a b c', '|a b c'],
      [3000, 'a b c', '|a b c', 'ends sentence'],
      [3001, ' x ', '| x '],
      [3002, '', '|'],
    ]);
  });

  it('keeps what another setting has concluded', () => {
    expectShown(
      'off',
      [
        [0, 'a b x', 'a b| x'],
        [1, 'p q r s', 'a b| r s'],
        [2, 'p', 'a b|'],
        [3, '', 'a b|'],
        [4, 'a b c d ', 'a b| c d '],
      ],
      { shown: 'a b| c' },
    );
    expectShown('off', [[0, '各位早上好', '大家|早上好']], { shown: '大家|', target: 'zh' });
  });

  it('leaves nothing that another setting would count as agreement', () => {
    const revision = { text: 'a b c d e f', target: 'es', isComplete: false };
    let state = stabilizerState();
    for (const atMs of [0, 1000, 2000]) state = stabilize('off', state, { ...revision, atMs });
    expect(stabilize('balanced', state, { ...revision, atMs: 3000 }).caption.concluded).toBe('');
  });
});

describe('a thread that takes over a segment', () => {
  it('goes on from what is shown', () => {
    expectShown(
      'balanced',
      [
        [0, 'a b c d e f', 'a b| c d'],
        [1, 'a b c d e f g', 'a b| c d e f'],
      ],
      { shown: 'a b| c d' },
    );
  });

  it('replaces it only by what it has observed twice', () => {
    expectShown(
      'balanced',
      [
        [0, 'a b x y z w', 'a b| c d'],
        [1, 'a b x y z w', 'a b| x y z w'],
      ],
      { shown: 'a b| c d' },
    );
  });

  it('concludes only what it has observed as often as any other', () => {
    expectShown(
      'balanced',
      [
        [0, 'a b c d e f', 'a| b c d'],
        [750, 'a b c d e f', 'a| b c d e f'],
        [1500, 'a b c d e f', 'a b c| d e f'],
      ],
      { shown: 'a| b c' },
    );
  });
});

describe('languages written without spaces', () => {
  it('are shown by graphemes', () => {
    expectShown(
      'balanced',
      [
        [0, '大家好', '|大家'],
        [750, '大家好我是', '|大家好'],
        [1500, '大家好我是王', '大家好|我是'],
        [2250, '各位早我是王', '大家好|我是'],
        [2500, '各位早我是王', '大家好|我是王'],
      ],
      { target: 'zh' },
    );
    expectShown('balanced', [[0, '各位早上好', '大家|早']], { shown: '大家|', target: 'zh' });
  });

  it('never get a part of a grapheme concluded', () => {
    expectShown(
      'high',
      [
        [0, 'สวสดี', '|'],
        [150, 'สวัสดีครับ', 'ส|'],
        [300, 'สวัสดีครับ', 'สวัสดีค|'],
      ],
      { target: 'th' },
    );
    expectShown('balanced', [[0, 'วันดีดี', 'ว|น']], { shown: 'ว|', target: 'th' });
  });
});

describe('random revisions', () => {
  const random = seededRandom(testSeed('stabilizer'));
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const languages = [
    { target: 'es', words: ['a', 'aa', 'b', 'c,', 'd', '¿e'], space: ' ' },
    { target: 'zh', words: ['大', '家', '好', 'a', '。'], space: '' },
    { target: 'th', words: ['ว', 'วั', 'น', '\u0e31', ' '], space: '' },
    { target: 'ja', words: ['今', '👨‍👩‍👧', '👧', 'e', '\u0301', '\n'], space: '' },
  ];
  const settings: readonly StabilitySetting[] = ['off', 'balanced', 'high'];

  it('only extend what is concluded, and change what is shown only within the rules', () => {
    for (let round = 0; round < 60; round++) {
      const { target, words, space } = pick(languages);
      const units = (text: string): string[] => readingUnits(text, target);
      const stickiness = 0.5 + random() / 2;
      const intervalMs = pick([20, 200, 1000]);
      let [setting, state, atMs, translated] = [pick(settings), stabilizerState(), 0, [] as string[]];
      let previous: string | undefined;
      for (let step = 0; step < 60; step++) {
        if (random() < 0.03) setting = pick(settings);
        if (random() < 0.05) {
          // A hand-over to another thread.
          [state, previous] = [stabilizerState(state.caption), undefined];
        }
        if (random() > stickiness) translated = translated.slice(0, Math.floor(random() * (translated.length + 1)));
        translated = [...translated, ...Array.from({ length: Math.floor(random() * 4) }, () => pick(words))];
        const text = random() < 0.02 ? '' : translated.join(pick(['', '', '', ' ']) + space);
        const isComplete = random() < 0.1;
        const before = state.caption;
        state = stabilize(setting, state, { text, target, isComplete, atMs });
        atMs += Math.floor(random() * intervalMs);

        const { concluded, tentative } = state.caption;
        const [shown, shownBefore] = [concluded + tentative, before.concluded + before.tentative];
        expect(concluded.slice(0, before.concluded.length)).toBe(before.concluded);
        expect(shown.slice(0, before.concluded.length)).toBe(before.concluded);
        // What is concluded anew is part of the newest translation.
        if (concluded !== before.concluded) expect(text.startsWith(concluded)).toBe(true);
        if (setting === 'high') expect(tentative).toBe('');
        if (setting === 'off') {
          expect(concluded).toBe(before.concluded);
          if (concluded === '' || (space !== '' && text.startsWith(concluded + space))) expect(shown).toBe(text);
        }
        if (setting === 'balanced' && !isComplete && shownBefore.startsWith(concluded)) {
          const common = commonUnits(units(shownBefore), units(shown));
          const length = units(shownBefore).length;
          if (common < length && shownBefore !== shown) {
            // Words that are replaced are confirmed by two translations.
            expect(commonUnits(units(text), units(previous ?? ''))).toBeGreaterThan(common);
          }
        }
        previous = setting === 'off' ? undefined : text;
      }
    }
  });

  it.each(languages.slice(0, 2))('take linear time with 20,000 characters in $target', ({ target, words, space }) => {
    const text = `${words.slice(0, 2).join(space)}${space}`.repeat(20_000).slice(0, 20_000);
    let state = stabilizerState();
    for (let atMs = 0; atMs < 2000; atMs += 500) {
      state = stabilize('balanced', state, { text, target, isComplete: false, atMs });
    }
    expect(state.caption.concluded.length).toBeGreaterThan(19_980);
  });
});

describe('the beginning of a translation', () => {
  /** What is shown of a beginning, after translations and what another thread has shown. */
  function shownOf(
    beginning: string,
    {
      setting = 'balanced',
      translations = [],
      shown = '|',
      target = 'es',
      isComplete = false,
      sourceGrowth,
    }: {
      readonly setting?: StabilitySetting;
      readonly translations?: readonly string[];
      readonly shown?: string;
      readonly target?: string;
      readonly isComplete?: boolean;
      readonly sourceGrowth?: number;
    } = {},
  ): string | undefined {
    const before = translations.reduce(
      (state, text, index) => stabilize(setting, state, { text, target, atMs: index * 300, isComplete: false }),
      stabilizerState(parseCaption(shown)),
    );
    const state = showBeginning(setting, before, { text: beginning, target, isComplete, sourceGrowth });
    return state && both(state.caption);
  }

  it.each([
    ['all but its last word, which may be cut, and one more while nothing is shown', 'a b c', {}, '|a'],
    ['nothing of a single word', 'a', {}, undefined],
    ['nothing of two words', 'a b', {}, undefined],
    ['words that the translation before has, too', 'a b c d', { translations: ['a b c d'] }, undefined],
    ['no word that is shown already', 'a b c', { translations: ['a b c d e'] }, undefined],
    ['a confirmed word', 'a b c d e', { translations: ['a b c d'] }, '|a b c d'],
    ['words before the two that may change', 'a b c d e f g', { translations: ['a b c'] }, '|a b c d'],
    ['more if many more are expected', 'a b c d e', { translations: ['a b c'], sourceGrowth: 2 }, '|a b c d'],
    ['all whole words at the end of a sentence', 'a b c d e.', { shown: '|a b', isComplete: true }, '|a b c d'],
    ['nothing that contradicts the screen', 'a x c d e f g', { shown: '|a b c' }, undefined],
    ['nothing that continues half a word', 'a bc d e f g', { shown: '|a b' }, undefined],
    ['concluded text as it is, and the rest as tentative', 'a b c d e f', { shown: 'a b|' }, 'a b| c'],
    ['graphemes without spaces', '大家早上好', { shown: '|大', target: 'zh' }, '|大家'],
    ['nothing with `high`', 'a b c d e', { setting: 'high', shown: 'a|' }, undefined],
    ['nothing with `off`', 'a b c d e', { setting: 'off', shown: '|a' }, undefined],
  ] as const)('shows %s', (_what, beginning, where, expected) => {
    expect(shownOf(beginning, where)).toBe(expected);
  });

  it('masks no more words of the first translation than if it had come as a whole', () => {
    const text = 'a b c d';
    const begun = showBeginning('balanced', stabilizerState(), {
      text,
      target: 'es',
      isComplete: false,
      sourceGrowth: undefined,
    });
    const whole = { text, target: 'es', atMs: 0, isComplete: false };
    expect(begun && both(stabilize('balanced', begun, whole).caption)).toBe('|a b c');
    expect(both(stabilize('balanced', stabilizerState(), whole).caption)).toBe('|a b c');
  });

  it('I39: only extends the screen and keeps what is concluded, however replies are cut', () => {
    const random = seededRandom(testSeed('beginnings of translations'));
    for (let segment = 0; segment < 60; segment++) {
      let state = stabilizerState();
      let sourceLength = 0;
      for (let atMs = 0; atMs < 6000; atMs += 300) {
        const words = Array.from({ length: 1 + atMs / 400 }, (_, index) =>
          random() < 0.05 ? `x${atMs}` : `w${index}`,
        );
        const text = words.join(' ');
        const sourceGrowth = sourceLength === 0 ? undefined : text.length / sourceLength;
        for (let length = 1; length < text.length; length += 1 + Math.floor(5 * random())) {
          const beginning = { text: text.slice(0, length), target: 'es', isComplete: false, sourceGrowth };
          const next = showBeginning('balanced', state, beginning);
          if (next === undefined) continue;
          const [before, now] = [state.caption, next.caption];
          expect(now.concluded).toBe(before.concluded);
          expect(now.tentative.startsWith(before.tentative)).toBe(true);
          expect(now.tentative.length).toBeGreaterThan(before.tentative.length);
          const shown = readingUnits(now.concluded + now.tentative, 'es');
          expect(words.slice(0, shown.length)).toEqual(shown);
          state = next;
        }
        // One of ten replies is no translation.
        if (random() < 0.1) continue;
        const next = stabilize('balanced', state, { text, target: 'es', atMs, isComplete: false });
        expect(next.caption.concluded.startsWith(state.caption.concluded)).toBe(true);
        state = next;
        sourceLength = text.length;
      }
    }
  });
});
