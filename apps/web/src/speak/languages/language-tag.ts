/** The tag that makes the engine detect the spoken language. */
export const detectedLanguage = 'und';

/**
 * Reads a language tag as people type it: `en_US` is `en-US`, `auto` is `und`. Language codes have at most three letters,
 * so `french` is none; whether a code exists is for the server to say.
 *
 * @returns the tag in canonical form (BCP 47); `undefined` if it is none
 */
export function languageTag(typed: string): string | undefined {
  const normalized = typed.trim().replaceAll('_', '-');
  if (/^(?:auto|multi|und|mul)$/i.test(normalized)) return detectedLanguage;
  try {
    const tag = Intl.getCanonicalLocales(normalized)[0];
    return tag !== undefined && /^[a-z]{2,3}(?:-|$)/.test(tag) ? tag : undefined;
  } catch {
    return undefined;
  }
}
