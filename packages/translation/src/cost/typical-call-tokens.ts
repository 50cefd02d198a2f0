import { estimateTokens } from '../estimate-tokens.ts';

/** About what the instructions of a call take. */
const instructionTokens = 130;

/** About how many tokens a call takes that wasn't made: the instructions, the text, and a translation as long. */
export function typicalCallTokens(text: string): number {
  return instructionTokens + 2 * estimateTokens(text);
}
