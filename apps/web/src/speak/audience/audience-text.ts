import type { Audience } from '@parley/client';
import { languageDirection } from '../../page/language-names.ts';

/** Invisible; without it, a number after a name that is written from right to left would be shown before the name. */
const leftToRightMark = '\u200e';
/** Keeps a number on the line of its name. */
const noBreakSpace = '\u00a0';

/** Who listens, such as "3 people are listening: Español 2, Català 1". */
export function audienceText(audience: Audience | undefined, nameOf: (language: string) => string): string {
  const { listeners, languages } = audience ?? { listeners: 0, languages: [] };
  if (listeners === 0) return 'Nobody is listening yet.';
  const who = listeners === 1 ? '1 person is listening' : `${listeners} people are listening`;
  const inOrder = languages.toSorted((one, other) => other.listeners - one.listeners);
  const each = inOrder
    .map(({ language, listeners: count }) => `${nameOf(language)}${markAfter(language)}${noBreakSpace}${count}`)
    .join(', ');
  return each === '' ? `${who}.` : `${who}: ${each}`;
}

function markAfter(language: string): string {
  return languageDirection(language) === 'rtl' ? leftToRightMark : '';
}

/** Whether other devices can't open a page of this host. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
