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

const nestedTerms = Array.from({ length: 200 }, (_, index) => ({ source: 'あ'.repeat(index + 1), target: 'x' }));

function termsEverywhere(number: number): Buffer {
  const [segmentId, revision] = [number % 32, Math.floor(number / 32)];
  return messageFrame({
    type: 'transcript.partial',
    segmentId,
    revision,
    text: `${number} ${'あ'.repeat(textChars - 100)}`,
  });
}

/** Long finals that need no engine, then short finals that have them as history. */
function longHistory(number: number): Buffer {
  const step = number % 110;
  if (step === 0) return messageFrame({ type: 'session.update', targetLanguages: ['en'] });
  if (step === 101) return messageFrame({ type: 'session.update', targetLanguages: manyTargets });
  const text = step < 101 ? longText(number) : `Final ${number}.`;
  return messageFrame({ type: 'transcript.final', segmentId: number, text });
}

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
  {
    name: 'partials with a glossary of terms that all occur, 20 targets',
    run: (target, tally, signal) =>
      repeat(4, signal, () =>
        flood(
          target,
          { sourceLanguage: 'ja', targetLanguages: manyTargets, glossary: nestedTerms },
          termsEverywhere,
          tally,
          signal,
        ),
      ),
  },
  {
    name: 'short finals with a history of long ones, 20 targets',
    run: (target, tally, signal) =>
      repeat(4, signal, () => flood(target, { targetLanguages: ['en'], useHistory: true }, longHistory, tally, signal)),
  },
];
