import { EngineReplyError } from '@parley/translation';

/** A reply came to the limit of its tokens before its end. */
export class OutputLimitError extends EngineReplyError {
  /** What there is of it and was given to nobody. */
  readonly unread: string;

  constructor(unread = '') {
    super("the translation outgrew the reply's limit of tokens");
    this.unread = unread;
  }
}
