/**
 * Matches text with nothing visible: white space, control and format characters, variation selectors, Hangul
 * fillers, the blank Braille pattern. Inside words some of these have a meaning, such as the joiners of Persian,
 * Hindi and emoji.
 */
const nothingVisible = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a text shows nothing to a reader: empty, or only white space and invisible characters. */
export function isBlank(text: string): boolean {
  return nothingVisible.test(text);
}
