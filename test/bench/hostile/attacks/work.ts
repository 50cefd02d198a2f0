import type { Attack } from '../attack.ts';
import { messageFrame } from '../frames.ts';
import { flood, manyTargets } from '../own-session.ts';
import { repeat } from '../repeat.ts';

/** The longest texts, and the largest glossary, that are accepted. */
const textChars = 10_000;
const glossary = Array.from({ length: 500 }, (_, index) => ({
  source: `term${index} of a hundred characters ${'x'.repeat(20)}`.slice(0, 50),
  target: `word${index} ${'y'.repeat(40)}`.slice(0, 50),
}));

const longText = (number: number): string =>
  `Final ${number}: ${'a sentence with term7 and words that go on for a while. '.repeat(textChars / 50)}`.slice(
    0,
    textChars,
  );

/** Attacks on the work of a worker: everything is allowed, and as expensive as it may be. */
export const workAttacks: readonly Attack[] = [
  {
    name: 'long finals with glossaries, 20 targets, 4 sessions',
    run: (target, tally, signal) =>
      repeat(4, signal, () =>
        flood(
          target,
          { targetLanguages: manyTargets, glossary },
          (segmentId) => messageFrame({ type: 'transcript.final', segmentId, text: longText(segmentId) }),
          tally,
          signal,
        ),
      ),
  },
];
