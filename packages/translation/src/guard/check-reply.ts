import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { EngineReplyError } from '../engine/engine-error.ts';
import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';
import { isAssistantTalk } from './assistant-talk.ts';
import { leansTo, speaksRather } from './identify-language.ts';
import { isOwnTranslation } from './own-translation.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { bareLetters, saysMuch, translatable } from './ordinary-words.ts';
import { speaksOfHelp } from './speaker-words.ts';
import { hasTargetScript } from './target-script.ts';

/** What the guard looks at of a request. */
export type GuardedRequest = Pick<TranslationRequest, 'text' | 'source' | 'target' | 'kind'>;

/** Why a reply is not taken for a translation. */
export interface ReplyFlaw {
  /** Its message holds lengths only. */
  readonly error: EngineReplyError;
  /**
   * It only looks odd, so it may be a translation all the same: where a second reply looks no better, it is shown with
   * a mark. What is empty, in another script or many times too long never is.
   */
  readonly showable: boolean;
}

/** The weight from which a reply is no translation, see `letterWeight`. */
const growth = {
  final: { factor: 5, margin: 80 },
  partial: { factor: 4, margin: 30 },
  /** For the few letters of a word that just began: they can't become a sentence. */
  beginning: { factor: 4, margin: 12 },
};

/** A partial up to this weight may be a single syllable. */
const longestSyllable = 6;

/** What may be spoken out: a number, or an abbreviation such as NATO, U.S. or GmbH. */
const speltOut = /\p{N}|\p{Lu}[\p{L}.]*\p{Lu}/u;

/** The stand-ins of the local engine, `[zh] Good morning`, are in no language and say so. */
const standInMark = /^\[([A-Za-z0-9-]{1,35})(?:, (?:simulated|reworded))?\] /;

/** Of these languages, questions are often written without a mark. */
const withoutQuestionMarks = new Set(['bo', 'dz', 'ja', 'km', 'lo', 'my', 'th']);
const endsAsQuestion = /[?？؟;;՞፧]["”»’)\]]*$/u;
const questionMark = /[?？؟;;՞፧]/u;
/** What is asked for so may be a request in another language: Would you please sit down? Siéntese, por favor. */
const courtesy =
  /(?<![\p{L}\p{M}])(?:please|por favor|s['’]il (?:vous|te) plaît|bitte|per (?:favore|piacere|cortesia)|s(?:i us|isplau|i et) ?(?:plau)?|alstublieft|alsjeblieft|snälla|proszę|lütfen|пожалуйста|будь ласка|παρακαλώ)(?![\p{L}\p{M}])|请|請|ください|주세요|من فضلك/iu;

/** Longer texts may be given several paragraphs; in UTF-16 units. */
const longestParagraph = 400;
const remark = /\((?:note|nota|remarque|anmerkung|hinweis|примечание|注)\s*[:：]|^[{[]\s*"|\n\s*\n/iu;

/** The weight beyond which no translation of a text goes, see `letterWeight`. */
export function longestReplyWeight({ text, kind }: GuardedRequest): number {
  const said = normalizeText(text);
  const weight = letterWeight(said);
  const begins = kind === 'partial' && weight <= longestSyllable && !speltOut.test(said);
  const { factor, margin } = growth[begins ? 'beginning' : kind];
  return factor * weight + margin;
}

/** The weight of a reply, without the mark of a stand-in. */
export function replyWeight(reply: string): number {
  return letterWeight(normalizeText(reply).replace(standInMark, ''));
}

/** Whether a reply is a stand-in of the local engine, in no language. */
export function isStandInText(reply: string): boolean {
  return standInMark.test(reply);
}

function isInForeignLetters({ target }: GuardedRequest, reply: string): boolean {
  const words = translatable(reply);
  return !standInMark.test(reply) && saysMuch(words) && hasTargetScript(words, target) === false;
}

/** The text and, beside it, about as much again. */
function repeatsText(text: string, reply: string): boolean {
  const [said, answered] = [bareLetters(text), bareLetters(reply)];
  return saysMuch(text) && answered.includes(said) && letterWeight(answered) > 1.4 * letterWeight(said);
}

/**
 * Whether a reply is clearly in the language of the text, or in English, which models fall back on, instead of the
 * target's. What it took over from the text, such as terms and quotations, tells nothing.
 */
export function isInOtherLanguage({ text, source, target }: GuardedRequest, reply: string): boolean {
  if (standInMark.test(reply)) return false;
  const said = translatable(reply);
  const other = [source, 'en'].find((language) => speaksRather(said, language, target));
  if (other === undefined) return false;
  const taken = new Set(text.toLowerCase().match(/[\p{L}\p{M}]+/gu));
  const own = said.match(/[\p{L}\p{M}]+/gu)?.filter((word) => !taken.has(word.toLowerCase())) ?? [];
  return !leansTo(own.join(' '), target, other);
}

function answersQuestion({ text, target }: GuardedRequest, reply: string): boolean {
  if (withoutQuestionMarks.has(baseLanguage(target)) || !endsAsQuestion.test(text)) return false;
  return !questionMark.test(reply) && !courtesy.test(text) && !speaksOfHelp(text) && saysMore(text);
}

/** Whether there is a question beside what no language translates, such as the end of a URL. */
function saysMore(text: string): boolean {
  return /\p{L}/u.test(translatable(text));
}

/** Whether a reply, or a part of it, has a remark beside the translation, or is in the form of data. */
export function holdsRemark(text: string, reply: string): boolean {
  return text.length <= longestParagraph && remark.test(reply) && !/[([{]/.test(text);
}

/**
 * Whether a reply talks about the text instead of translating it: refuses, answers, announces, comments. What has come of
 * a reply so far can be asked about as well.
 */
export function isTalk(request: GuardedRequest, reply: string): boolean {
  return isAssistantTalk(request, reply) || holdsRemark(request.text, reply);
}

/**
 * Looks whether a reply can be a translation of a text. In doubt it passes: "Amen" is "Amen" in Spanish, "2026" is
 * "2026" everywhere, and who says "I'm sorry, I can't help" is translated so, as far as their language is known. A reply
 * that is the text itself passes where that is plainly right.
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
  if (answersQuestion(given, answer)) return flaw('the reply to a question is none', true);
  if (isTalk(given, reply.trim())) return flaw('the reply talks about the text', true);
  return undefined;
}
