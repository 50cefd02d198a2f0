/** The end of a sentence that white space follows, with closing quotation marks or brackets; Chinese and Japanese need no space. */
export const sentenceEnd =
  /\p{Sentence_Terminal}[\p{Quotation_Mark}\p{Close_Punctuation}]*(?=\s)|[。！？｡][」』）”]*/gu;

/** Whether a text ends with the punctuation of a complete sentence, possibly followed by quotation marks or brackets. */
export function endsSentence(text: string): boolean {
  return /\p{Sentence_Terminal}[\p{Quotation_Mark}\p{Close_Punctuation}\s]*$/u.test(text);
}
