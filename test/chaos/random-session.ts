import { sourceOfMarked } from '@parley/checker';

const targets = ['es', 'ca', 'fr', 'pt', 'pt-BR'];
const stabilities = ['off', 'balanced', 'high'] as const;

/** Returns the options of a random session; some are in a room of their own. */
export function randomOptions(random: () => number, number: number) {
  const count = 1 + Math.floor(random() * 3);
  const first = Math.floor(random() * targets.length);
  return {
    sourceLanguage: 'en',
    targetLanguages: Array.from({ length: count }, (_, index) => targets[(first + index) % targets.length] ?? 'es'),
    listenerLanguages: ['de', 'fr'],
    ordered: random() < 0.5,
    ...(random() < 0.3 ? { room: `room-${number}` } : {}),
    stability: stabilities[Math.floor(random() * stabilities.length)] ?? 'off',
  };
}

/** Returns the languages of a random listener. */
export function randomLanguages(random: () => number): string[] {
  const languages = ['en', 'de', 'fr'].filter(() => random() < 0.6);
  return languages.length === 0 ? ['en'] : languages;
}

/** How the clients of a session are checked: only with the stability `off` is all of a translation shown. */
export const judgeOf = ({ stability }: Pick<ReturnType<typeof randomOptions>, 'stability'>) => ({
  sourceOf: sourceOfMarked,
  exactPartials: stability === 'off',
});
