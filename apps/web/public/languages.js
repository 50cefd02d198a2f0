// @ts-check
// Language tags (BCP 47) as users type and read them.

/** Suggestions only: any tag may be typed, and the engine decides what it supports. */
export const suggestedLanguages =
  'en es ca pt pt-BR fr it oc de nl sv da nb fi pl cs uk ru tr el he ar fa hi bn id vi th zh-Hans zh-Hant ja ko sw'.split(
    ' ',
  );

/** Makes the engine detect the spoken language. */
export const detected = 'und';

/**
 * Reads `en_US` as `en-US`, and `auto` as `und`. Language codes have at most three letters, so `french` is invalid.
 * The server checks whether a code exists.
 *
 * @param {string} typed
 * @returns {string | undefined} the tag in canonical form, or undefined if it is invalid
 */
export function languageTag(typed) {
  const normalized = typed.trim().replaceAll('_', '-');
  if (/^(auto|multi|und|mul)$/i.test(normalized)) return detected;
  try {
    const tag = Intl.getCanonicalLocales(normalized)[0];
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
