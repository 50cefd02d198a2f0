/** About what the instructions of a call take. */
const instructionTokens = 130;
/** OpenAI's rule of thumb for English: https://platform.openai.com/tokenizer */
const charactersPerToken = 4;

/** About how many tokens a call takes that wasn't made: the instructions, the text, and a translation as long. */
export function typicalCallTokens(text: string): number {
  return instructionTokens + 2 * Math.ceil(text.length / charactersPerToken);
}
