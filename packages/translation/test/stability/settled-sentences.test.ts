import { describe, expect, it } from '@jest/globals';
import { settleSentences, type SettledSentences } from '../../src/index.ts';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';

/** `[text, stable]`; a string is a text for which the recognizer doesn't say what is stable. */
type Step = string | readonly [text: string, stable: string];

/** Returns the settled sentences after the last revision. */
function settledAfter(...steps: readonly Step[]): string[] {
  let state: SettledSentences | undefined;
  for (const step of steps) {
    const [text, stable] = typeof step === 'string' ? [step, undefined] : step;
    state = JSON.parse(JSON.stringify(settleSentences(state, { text, stable }))) as SettledSentences;
  }
  const { text = '', ends = [] } = state ?? {};
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end).trim());
}

describe('the settled sentences', () => {
  it.each<[string, readonly Step[], string[]]>([
    ['are none in the first revision', ['One. Two'], []],
    ['are those that two revisions and the beginning of the next have in common', ['One. T', 'One. Two'], ['One.']],
    ['are not the last one', ['One. Two.', 'One. Two.'], ['One.']],
    ['are several', ['One? Two! Three', 'One? Two! Three'], ['One?', 'Two!']],
    ['stay while the rest changes', ['Well. Tea', 'Well. Tea is', 'Well. See'], ['Well.']],
    ['are none any more once they change', ['Well. Tea', 'Well. Tea', 'Will. Tea'], []],
    ['stay up to the one that changes', ['Well. Good. Tea', 'Well. Good. Tea', 'Well. Food. Tea'], ['Well.']],
    ['are settled at once where the recognizer says so', [['Well. Tea is', 'Well. Tea']], ['Well.']],
    ['end after quotation marks and brackets', ['“Well.” Tea', '“Well.” Tea'], ['“Well.”']],
    ['need no spaces in Chinese', ['你好。我', '你好。我们'], ['你好。']],
    ['do not end before a lower-case letter', ['“What?” he said', '“What?” he said'], []],
    ['do not end after an abbreviation', ['See Dr. and Mrs. Smith', 'See Dr. and Mrs. Smith'], []],
    ['do not end after an initial', ['See J. Smith', 'See J. Smith'], []],
    ['do not end in a number', ['It is 3.5 Volt', 'It is 3.5 Volt'], []],
    ['do not end after an abbreviation with a full stop', ['We use e.g. Spanish', 'We use e.g. Spanish'], []],
  ])('%s', (_what, steps, settled) => {
    expect(settledAfter(...steps)).toEqual(settled);
  });

  it('are always a beginning that is the same as in the revision before, or stable', () => {
    const random = seededRandom(testSeed('settled sentences'));
    const parts = ['Well. ', 'Tea? ', 'so ', 'Dr. ', 'is ', '好。', 'It ', '... ', '” '];
    let state: SettledSentences | undefined;
    let text = '';
    for (let step = 0; step < 3000; step++) {
      const kept = random() < 0.8 ? text : text.slice(0, Math.floor(random() * text.length));
      const next = kept.length > 120 ? '' : kept + (parts[Math.floor(random() * parts.length)] ?? '');
      const before: SettledSentences = state ?? { text: '', ends: [] };
      state = settleSentences(state, { text: next });
      const { ends } = state;
      expect(ends).toEqual([...new Set(ends)].sort((one, other) => one - other));
      const last = ends.at(-1) ?? 0;
      expect(next.slice(0, last)).toBe(before.text.slice(0, last));
      // What was settled and has not changed stays so.
      expect(ends).toEqual(
        expect.arrayContaining(before.ends.filter((end) => next.startsWith(before.text.slice(0, end)))),
      );
      text = next;
    }
  });
});
