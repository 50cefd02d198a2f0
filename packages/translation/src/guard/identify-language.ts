import { baseLanguage, type LanguageTag } from '@parley/protocol';
import identify, { type Language } from 'lande';
import { letterWeight } from '../letter-weight.ts';

/** The languages that the identifier knows, by base language; its codes are those of ISO 639-3. */
const known: Readonly<Record<string, Language>> = {
  ...{ af: 'afr', ar: 'ara', az: 'aze', be: 'bel', bg: 'bul', bn: 'ben', ca: 'cat', cs: 'ces', da: 'dan', de: 'deu' },
  ...{ el: 'ell', en: 'eng', es: 'spa', et: 'est', eu: 'eus', fa: 'pes', fi: 'fin', fr: 'fra', ha: 'hau', he: 'heb' },
  ...{ hi: 'hin', hr: 'hrv', hu: 'hun', hy: 'hye', id: 'ind', is: 'isl', it: 'ita', ja: 'jpn', ka: 'kat', kk: 'kaz' },
  ...{ ko: 'kor', lt: 'lit', mk: 'mkd', mr: 'mar', nb: 'nob', nl: 'nld', no: 'nob', pl: 'pol', pt: 'por', rn: 'run' },
  ...{ ro: 'ron', ru: 'rus', sk: 'slk', sr: 'srp', sv: 'swe', tl: 'tgl', tr: 'tur', uk: 'ukr', vi: 'vie', zh: 'cmn' },
};

/** A text of less weight is too short to tell, see `letterWeight`. */
export const leastTellingWeight = 40;
/** What is said in a language shows it at its beginning; in UTF-16 units. */
export const longestTellingText = 400;

/**
 * How likely the one language must be, and how unlikely the other. On 6,700 translated sentences of this package's test
 * corpus it takes no translation for its source, and finds 96% of the sources.
 */
const [likely, unlikely] = [0.6, 0.1];

/**
 * Whether a text is clearly in one language rather than in another. What is short, or in a language that the identifier
 * doesn't know, is in doubt, and so `false` both ways.
 */
export function speaksRather(text: string, one: LanguageTag, other: LanguageTag): boolean {
  const [a, b] = [known[baseLanguage(one)], known[baseLanguage(other)]];
  if (a === undefined || b === undefined || a === b || letterWeight(text) <= leastTellingWeight) return false;
  const likelihoods = new Map(identify(text.slice(0, longestTellingText)));
  return (likelihoods.get(a) ?? 0) > likely && (likelihoods.get(b) ?? 1) < unlikely;
}
