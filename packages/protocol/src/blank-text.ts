/**
 * White space, controls, formats, and whatever else shows nothing: variation selectors, Hangul fillers, the blank Braille
 * pattern. Inside of words some of it has a meaning, such as the joiners of Persian, Hindi and emoji.
 */
const nothingVisible = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a text shows nothing to a reader: it is empty, or of white space and invisible characters alone. */
export function isBlank(text: string): boolean {
  return nothingVisible.test(text);
}
