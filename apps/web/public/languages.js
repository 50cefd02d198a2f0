// @ts-check
// Language tags (BCP 47) as people type and read them.

/** Suggestions only: any tag may be typed, and the engine decides what it can do. */
export const suggestedLanguages =
  'en es ca pt pt-BR fr it oc de nl sv da nb fi pl cs uk ru tr el he ar fa hi bn id vi th zh-Hans zh-Hant ja ko sw'.split(
    ' ',
  );

/**
 * @param {string} typed
 * @returns {string | undefined} the tag in canonical form, or undefined where it is none
 */
export function languageTag(typed) {
  try {
    return Intl.getCanonicalLocales(typed.trim())[0];
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
  const name = new Intl.DisplayNames([reader], { type: 'language', fallback: 'none' }).of(tag);
  return name === undefined ? tag : `${name} (${tag})`;
}
