const charactersPerToken = 4;

/**
 * Splits a text into estimated tokens: runs of four characters (code points), OpenAI's rule of thumb for English. Joined,
 * they are the text.
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

/** Returns the estimated number of tokens of a text. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
