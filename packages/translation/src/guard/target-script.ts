import { baseLanguage, type LanguageTag } from '@parley/protocol';

/** Letters of script codes (ISO 15924) that combine several scripts. */
const composed: Readonly<Record<string, string>> = {
  Hans: '\\p{sc=Han}\\p{sc=Bopo}',
  Hant: '\\p{sc=Han}\\p{sc=Bopo}',
  Jpan: '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}',
  Kore: '\\p{sc=Hang}\\p{sc=Han}',
};

/** Likely scripts that are reliable; a language with any other script is not judged. */
const judged = [
  ...['Arab', 'Armn', 'Beng', 'Cyrl', 'Deva', 'Ethi', 'Geor', 'Grek', 'Gujr', 'Guru', 'Hebr', 'Khmr', 'Knda', 'Laoo'],
  ...['Latn', 'Mlym', 'Mymr', 'Sinh', 'Taml', 'Telu', 'Thai'],
];

/** Languages written in several scripts, even if the tag names none. */
const severalScripts = new Set([
  'az',
  'bs',
  'cnr',
  'ha',
  'kk',
  'ku',
  'ky',
  'mn',
  'ms',
  'pa',
  'sh',
  'sr',
  'tg',
  'tk',
  'uz',
]);

function lettersOf(target: LanguageTag): RegExp | undefined {
  const locale = new Intl.Locale(target);
  if (locale.script === undefined && severalScripts.has(baseLanguage(target))) return undefined;
  const script = locale.maximize().script ?? '';
  const letters = composed[script] ?? (judged.includes(script) ? `\\p{sc=${script}}` : undefined);
  return letters === undefined ? undefined : new RegExp(`[${letters}]`, 'u');
}

/** Whether a text has letters of the target language's script; `undefined` if the script is not certain. */
export function hasTargetScript(text: string, target: LanguageTag): boolean | undefined {
  return lettersOf(target)?.test(text);
}
