/** OpenAI's rule of thumb for English: https://platform.openai.com/docs/guides/rate-limits */
const charactersPerToken = 4;

/** About how many tokens a text takes, where nobody has counted them. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
