// @ts-check
// Language tags (BCP 47) as people type and read them.

/** Suggestions only: any tag may be typed, and the engine decides what it can do. */
export const suggestedLanguages =
  'en es ca pt pt-BR fr it oc de nl sv da nb fi pl cs uk ru tr el he ar fa hi bn id vi th zh-Hans zh-Hant ja ko sw'.split(
    ' ',
  );

/** Has the engine detect what is spoken. */
export const detected = 'und';

/**
 * Reads `en_US` as `en-US`, and `auto` as `und`. No language has a code of more than three letters: `french` is none.
 * Whether a code exists at all, the server tells.
 *
 * @param {string} typed
 * @returns {string | undefined} the tag in canonical form, or undefined where it is none
 */
export function languageTag(typed) {
  const written = typed.trim().replaceAll('_', '-');
  if (/^(auto|multi|und|mul)$/i.test(written)) return detected;
  try {
    const tag = Intl.getCanonicalLocales(written)[0];
    return tag !== undefined && /^[a-z]{2,3}(-|$)/.test(tag) ? tag : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} tag
 * @param {string} [reader] the language to name it in
 * @returns {string} such as `Spanish (es)`
 */
export function languageLabel(tag, reader = 'en') {
  if (tag === detected) return `Detected (${tag})`;
  const name = new Intl.DisplayNames([reader], { type: 'language', fallback: 'none' }).of(tag);
  return name === undefined ? tag : `${name} (${tag})`;
}
