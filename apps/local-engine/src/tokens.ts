const charactersPerToken = 4;

/**
 * Cuts a text into its estimated tokens: runs of four characters (code points), which is OpenAI's rule of thumb for
 * English. Joined, they are the text again.
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let token = '';
  let length = 0;
  for (const character of text) {
    token += character;
    length += 1;
    if (length === charactersPerToken) {
      tokens.push(token);
      token = '';
      length = 0;
    }
  }
  if (length > 0) tokens.push(token);
  return tokens;
}

/** The estimated number of tokens of a text: `tokenize(text).length`. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
