import { describe, expect, it } from '@jest/globals';
import { normalizeText } from '../src/normalize-text.ts';
import {
  filterPartial,
  type PartialToFilter,
  type PartialFilterSettings,
} from '../src/partial-filter/filter-partial.ts';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';

const words = [
  'a',
  'to',
  'the',
  'Good',
  'morning,',
  'seat.',
  'feeling',
  '5,000',
  '北京',
  '大学',
  'โรงเรียน',
  'cafe\u0301',
  '?',
  '💡',
];

describe('random partials', () => {
  const random = seededRandom(testSeed('random partials'));
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const phrase = (length: number): string => Array.from({ length }, () => pick(words)).join(pick([' ', ' ', '  ', '']));

  /** What a recogniser might make of a text next. */
  function next(text: string): string {
    const chance = random();
    if (chance < 0.4) return `${text} ${pick(words)}`;
    if (chance < 0.5) return text + pick(['s', '.', '?', ',', '学']);
    if (chance < 0.6) return text.slice(0, Math.floor(random() * text.length));
    if (chance < 0.7) return text.toUpperCase();
    if (chance < 0.8) return phrase(Math.floor(random() * 6));
    return text;
  }

  it('are never debounced longer than allowed, are dropped only if they say the same, and in the end are sent', () => {
    for (let round = 0; round < 300; round++) {
      const settings: PartialFilterSettings = {
        minGrowthChars: Math.floor(random() * 12),
        holdMs: 1 + Math.floor(random() * 400),
      };
      let [text, nowMs] = [phrase(1), 0];
      let state: Pick<PartialToFilter, 'sentText' | 'debouncedSinceMs' | 'previousAtMs'> = {
        sentText: undefined,
        debouncedSinceMs: undefined,
        previousAtMs: undefined,
      };
      let dueAtMs: number | undefined;
      let debouncedText: string | undefined;
      for (let step = 0; step < 40; step++) {
        if (dueAtMs !== undefined && dueAtMs <= nowMs) {
          // What the edge's timer does.
          state = { ...state, sentText: debouncedText, debouncedSinceMs: undefined };
        }
        const stable = random() < 0.3 ? text.slice(0, Math.floor(random() * text.length)) : undefined;
        const verdict = filterPartial({ ...state, text, stable, nowMs }, settings);
        const saysTheSame = state.sentText !== undefined && normalizeText(state.sentText) === normalizeText(text);
        expect(verdict.action === 'drop').toBe(saysTheSame);
        if (state.sentText === undefined) expect(verdict.action).toBe('send');
        if (verdict.action === 'debounce') {
          expect(verdict.untilMs).toBeGreaterThan(nowMs);
          expect(verdict.untilMs).toBe((state.debouncedSinceMs ?? nowMs) + settings.holdMs);
          state = { ...state, debouncedSinceMs: state.debouncedSinceMs ?? nowMs };
          [dueAtMs, debouncedText] = [verdict.untilMs, text];
        } else {
          state = { ...state, debouncedSinceMs: undefined, ...(verdict.action === 'send' ? { sentText: text } : {}) };
          dueAtMs = undefined;
        }
        // The newest text is always what was sent, or what is about to be.
        const newest = dueAtMs === undefined ? state.sentText : debouncedText;
        expect(normalizeText(newest ?? '')).toBe(normalizeText(text));
        state = { ...state, previousAtMs: nowMs };
        nowMs += Math.floor(random() * 300);
        text = next(text);
      }
    }
  });

  it('are sent at once where a word before the last one was changed', () => {
    const settings = { minGrowthChars: 1000, holdMs: 1000 };
    for (let round = 0; round < 1000; round++) {
      const before = Array.from({ length: 2 + Math.floor(random() * 8) }, (_, index) => `word${index}`);
      const place = Math.floor(random() * (before.length - 1));
      const after = before.with(place, 'other');
      const [sentText, text] = [before.join(' '), [...after, ...(random() < 0.5 ? ['more'] : [])].join(' ')];
      const verdict = filterPartial(
        { sentText, text, debouncedSinceMs: undefined, previousAtMs: 0, nowMs: 100 },
        settings,
      );
      expect(verdict.action).toBe('send');
    }
  });
});
