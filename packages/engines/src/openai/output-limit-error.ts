import { EngineReplyError, type EngineUsage } from '@parley/translation';

/** A reply came to the limit of its tokens before its end. */
export class OutputLimitError extends EngineReplyError {
  /** What there is of it and was given to nobody. */
  readonly unread: string;

  constructor(unread = '') {
    super("the translation outgrew the reply's limit of tokens");
    this.unread = unread;
  }
}

const mostTokensPerCharacter = 3;

/** A reasoning block that the model writes into its reply. */
const unendedThoughts = /^\s*<think(?:ing)?>(?![\s\S]*<\/think(?:ing)?>)/;

/**
 * Whether it was the thoughts of a model that took the place of its reply: of that there is nothing, or far less than the
 * tokens that were written. A reply that ran away is as long as its tokens are many.
 */
export function isSpentOnThoughts(text: string, usage: EngineUsage | undefined): boolean {
  if (text.trim() === '' || unendedThoughts.test(text)) return true;
  return usage !== undefined && usage.completionTokens > 64 + mostTokensPerCharacter * text.length;
}
