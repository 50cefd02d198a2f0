/** OpenAI's rule of thumb for English: https://platform.openai.com/docs/guides/rate-limits */
const charactersPerToken = 4;

/** Estimates the number of tokens in a text. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Estimated tokens of the instructions in a prompt. */
const instructionTokens = 130;

/** Estimates the tokens that a call for a text would use: instructions, text, and a translation of equal length. */
export function typicalCallTokens(text: string): number {
  return instructionTokens + 2 * estimateTokens(text);
}
