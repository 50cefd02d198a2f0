import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { EngineReplyError } from '../engine/engine-error.ts';
import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';
import { isAssistantTalk } from './assistant-talk.ts';
import { isRatherIn, isClearlyIn } from './identify-language.ts';
import { isOwnTranslation } from './own-translation.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { bareLetters, hasEnoughWords, hasTranslatableLetters, translatable } from './ordinary-words.ts';
import { mentionsHelp } from './speaker-words.ts';
import { hasTargetScript } from './target-script.ts';

/** The parts of a request that the guard uses. */
export type GuardedRequest = Pick<TranslationRequest, 'text' | 'source' | 'target' | 'kind'>;

/** Why a reply is not accepted as a translation. */
export interface ReplyFlaw {
  /** Its message contains lengths only. */
  readonly error: EngineReplyError;
  /**
   * The reply is only suspicious: if the retry is no better, it is shown and flagged as suspect. Never set for replies that
   * are empty, in the wrong script or far too long.
   */
  readonly showable: boolean;
}

/** Maximum weight of a reply: factor * weight of the text + margin; see `letterWeight`. */
const growth = {
  final: { factor: 5, margin: 80 },
  partial: { factor: 4, margin: 30 },
  /** For the first letters of a word, which cannot become a sentence. */
  beginning: { factor: 4, margin: 12 },
};

/** Up to this weight, a partial may be a single syllable. */
const longestSyllable = 6;

/** A number or abbreviation (NATO, U.S., GmbH), whose translation may be spelled out. */
const speltOut = /\p{N}|\p{Lu}[\p{L}.]*\p{Lu}/u;

/** Placeholder output of the local engine, such as `[zh] Good morning`, which is in no language. */
const placeholderMark = /^\[([A-Za-z0-9-]{1,35})(?:, (?:simulated|reworded))?\] /;

/** Languages in which questions often have no question mark. */
const withoutQuestionMarks = new Set(['bo', 'dz', 'ja', 'km', 'lo', 'my', 'th']);
const endsAsQuestion = /[?？؟;;՞፧]["”»’)\]]*$/u;
const questionMark = /[?？؟;;՞፧]/u;
/** Polite requests may become imperatives in another language: "Would you please sit down?", "Siéntese, por favor." */
const courtesy =
  /(?<![\p{L}\p{M}])(?:please|por favor|s['’]il (?:vous|te) plaît|bitte|per (?:favore|piacere|cortesia)|s(?:i us|isplau|i et) ?(?:plau)?|alstublieft|alsjeblieft|snälla|proszę|lütfen|пожалуйста|будь ласка|παρακαλώ)(?![\p{L}\p{M}])|请|請|ください|주세요|من فضلك/iu;

/** Longer texts may be translated into several paragraphs; in UTF-16 units. */
const longestParagraph = 400;
const remark = /\((?:note|nota|remarque|anmerkung|hinweis|примечание|注)\s*[:：]|^[{[]\s*"|\n\s*\n/iu;

/** Returns the maximum weight of a translation of the text; see `letterWeight`. */
export function longestReplyWeight({ text, kind }: GuardedRequest): number {
  const said = normalizeText(text);
  const weight = letterWeight(said);
  const begins = kind === 'partial' && weight <= longestSyllable && !speltOut.test(said);
  const { factor, margin } = growth[begins ? 'beginning' : kind];
  return factor * weight + margin;
}

/** Returns the weight of a reply without a placeholder mark. */
export function replyWeight(reply: string): number {
  return letterWeight(normalizeText(reply).replace(placeholderMark, ''));
}

/** Whether a reply is placeholder output of the local engine. */
export function isPlaceholder(reply: string): boolean {
  return placeholderMark.test(reply);
}

function isInForeignLetters({ target }: GuardedRequest, reply: string): boolean {
  const words = translatable(reply);
  return !placeholderMark.test(reply) && hasEnoughWords(words) && hasTargetScript(words, target) === false;
}

/** Whether a reply contains the text and at least 40% more. */
function repeatsText(text: string, reply: string): boolean {
  const [said, answered] = [bareLetters(text), bareLetters(reply)];
  return hasEnoughWords(text) && answered.includes(said) && letterWeight(answered) > 1.4 * letterWeight(said);
}

/**
 * Whether a reply is clearly in the source language, or in English (a common fallback of models), rather than in the
 * target language. Words copied from the text, such as terms and quotations, are ignored.
 */
export function isInOtherLanguage({ text, source, target }: GuardedRequest, reply: string): boolean {
  if (placeholderMark.test(reply)) return false;
  const said = translatable(reply);
  const other = [source, 'en'].find((language) => isClearlyIn(said, language, target));
  if (other === undefined) return false;
  const taken = new Set(text.toLowerCase().match(/[\p{L}\p{M}]+/gu));
  const own = said.match(/[\p{L}\p{M}]+/gu)?.filter((word) => !taken.has(word.toLowerCase())) ?? [];
  return !isRatherIn(own.join(' '), target, other);
}

/** Whether a translation of the text must contain a question mark, which usually is at its end. */
export function mustAsk({ text, target }: GuardedRequest): boolean {
  if (withoutQuestionMarks.has(baseLanguage(target)) || !endsAsQuestion.test(text)) return false;
  return !courtesy.test(text) && !mentionsHelp(text) && hasTranslatableLetters(text);
}

function answersQuestion(request: GuardedRequest, reply: string): boolean {
  return mustAsk(request) && !questionMark.test(reply);
}

/** Whether a reply contains a remark beside the translation or is structured data. */
export function hasRemark(text: string, reply: string): boolean {
  return text.length <= longestParagraph && remark.test(reply) && !/[([{]/.test(text);
}

/** Whether a reply, or its beginning, comments on the text (refusal, answer, announcement, remark) instead of translating it. */
export function isCommentary(request: GuardedRequest, reply: string): boolean {
  return isAssistantTalk(request, reply) || hasRemark(request.text, reply);
}

/**
 * Checks whether a reply can be a translation of the text. Doubtful replies are accepted: "Amen" is also Spanish, "2026" is
 * the same in every language, and a speaker may have said "I'm sorry, I can't help". A reply that equals the text is
 * accepted only if the text is plainly its own translation.
 *
 * @returns `undefined` if the reply is accepted
 */
export function checkReply(request: GuardedRequest, reply: string): ReplyFlaw | undefined {
  const text = normalizeText(request.text);
  const answer = normalizeText(reply);
  const given = { ...request, text };
  const flaw = (what: string, showable = false): ReplyFlaw => ({
    error: new EngineReplyError(`${what}: ${answer.length} characters for a text of ${text.length}`),
    showable,
  });
  if (text !== '' && answer === '') return flaw('the reply is empty');
  if (replyWeight(answer) > longestReplyWeight(given)) return flaw('the reply is too long for a translation');
  if (bareLetters(text) === bareLetters(answer)) {
    return isOwnTranslation(given) ? undefined : flaw('the reply is the text itself', true);
  }
  if (isInForeignLetters(given, answer)) return flaw('the reply is not in the script of the target language');
  if (!areNearIdentical(request.source, request.target)) {
    if (repeatsText(text, answer)) return flaw('the reply repeats the text', true);
    if (isInOtherLanguage(given, answer)) return flaw('the reply is in another language', true);
  }
  if (answersQuestion(given, answer)) return flaw('the reply to a question is not a question', true);
  if (isCommentary(given, reply.trim())) return flaw('the reply comments on the text', true);
  return undefined;
}
