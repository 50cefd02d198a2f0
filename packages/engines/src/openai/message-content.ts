import { normalizeText } from '@parley/translation';

/**
 * Marks that chat templates of self-hosted models are made of, such as `<|im_start|>`, `[INST]` or `<start_of_turn>`.
 * Servers that render the chat into one text before they tokenise it take them for a change of role.
 */
const templateMark = /<(?=\|[^|<>]{0,40}\|>|\/?s>|(?:start|end)_of_turn>)|<(?=<\/?SYS>>)|\[(?=\/?INST\])/giu;

/**
 * A text as the content of a message: with a space in whatever a chat template could take for its own mark, and without
 * half characters, which servers refuse.
 */
export function contentOf(text: string): string {
  return text.toWellFormed().replace(templateMark, '$& ');
}

/** Words of a host as they stand among the instructions: on one line and in quotation marks. */
export function quoted(words: string): string {
  return JSON.stringify(contentOf(normalizeText(words)));
}
