import type { TranslationRequest } from '../engine/engine.ts';
import { EngineReplyError } from '../engine/engine-error.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { normalizeText } from '../normalize-text.ts';

/** A reply longer than this many times its text, and a margin, in UTF-16 units, is no translation of it. */
const maxGrowth = 5;
const growthMargin = 200;

/** A text up to this many UTF-16 units may well be its own translation. */
const longestTrueEcho = 40;
/** The same for what is left of it without names and numbers. */
const longestOrdinaryEcho = 20;

/** Words that begin with a capital, and digits: what languages leave as it is. */
const namesAndNumbers = /\p{Lu}[\p{L}\p{M}'’-]*|\p{N}+/gu;

function isEcho(text: string, reply: string): boolean {
  if (text.length <= longestTrueEcho || reply !== text) return false;
  const ordinary = text.replace(namesAndNumbers, '').replace(/[^\p{L}\p{M}]/gu, '');
  return ordinary.length > longestOrdinaryEcho;
}

/**
 * Looks whether a reply can be a translation at all: not empty for a text that isn't, not many times its length, and
 * not the text itself where that is a long one. Whatever else looks odd passes: "Amen" is "Amen" in Spanish, and
 * "2026" is "2026" everywhere.
 *
 * @returns what is wrong with it, or `undefined`. The message holds lengths only.
 */
export function checkReply(
  request: Pick<TranslationRequest, 'text' | 'source' | 'target'>,
  reply: string,
): EngineReplyError | undefined {
  const [text, answer] = [normalizeText(request.text), normalizeText(reply)];
  const lengths = `${answer.length} characters for a text of ${text.length}`;
  if (answer === '' && text !== '') return new EngineReplyError(`the reply is empty: ${lengths}`);
  if (answer.length > maxGrowth * text.length + growthMargin) {
    return new EngineReplyError(`the reply is too long for a translation: ${lengths}`);
  }
  if (isEcho(text, answer) && !areNearIdentical(request.source, request.target)) {
    return new EngineReplyError(`the reply is the text itself: ${lengths}`);
  }
  return undefined;
}
