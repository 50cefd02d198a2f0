import { baseLanguage } from '@parley/protocol';
import type { TranslationRequest } from '../engine/engine.ts';
import { EngineReplyError } from '../engine/engine-error.ts';
import { normalizeText } from '../normalize-text.ts';
import { isAssistantTalk } from './assistant-talk.ts';
import { letterWeight } from '../letter-weight.ts';
import { areNearIdentical } from './near-identical-languages.ts';
import { bareLetters, saysMuch } from './ordinary-words.ts';
import { hasTargetScript } from './target-script.ts';

/** What the guard looks at of a request. */
export type GuardedRequest = Pick<TranslationRequest, 'text' | 'source' | 'target' | 'kind'>;

/** Why a reply is not taken for a translation. */
export interface ReplyFlaw {
  /** Its message holds lengths only. */
  readonly error: EngineReplyError;
  /**
   * It only looks odd, so it may be a translation all the same: where a second reply looks no better, it is shown with
   * a mark. What is empty, another language or many times too long never is.
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

/** A text up to this weight may well be its own translation. */
const longestTrueEcho = 40;

/** The stand-ins of the local engine, `[zh] Good morning`, are in no language and say so. */
const standIn = /^\[([A-Za-z0-9-]{1,35})(?:, (?:simulated|reworded))?\] /;

/** Of these languages, questions are often written without a mark. */
const withoutQuestionMarks = new Set(['bo', 'dz', 'ja', 'km', 'lo', 'my', 'th']);
const endsAsQuestion = /[?？؟;;՞፧]["”»’)\]]*$/u;
const questionMark = /[?？؟;;՞፧]/u;

/** Longer texts may be given several paragraphs. */
const longestParagraphWeight = 400;
const remark = /\((?:note|nota|remarque|anmerkung|hinweis|примечание|注)\s*[:：]|^[{[]\s*"|\n\s*\n/iu;

/** Whether a reply, or as much of it as has come, is longer than any translation of the text. */
export function isOverlong({ text, kind }: GuardedRequest, reply: string): boolean {
  const said = normalizeText(text);
  const weight = letterWeight(said);
  const begins = kind === 'partial' && weight <= longestSyllable && !speltOut.test(said);
  const { factor, margin } = growth[begins ? 'beginning' : kind];
  return letterWeight(normalizeText(reply).replace(standIn, '')) > factor * weight + margin;
}

/** Whether a text is long enough to be other words in another language. */
export function tellsEchoes(text: string): boolean {
  return letterWeight(text) > longestTrueEcho && saysMuch(text);
}

function isEcho(text: string, reply: string): boolean {
  return tellsEchoes(text) && bareLetters(text) === bareLetters(reply);
}

/** Whether a reply has letters, and none of the target language's script. */
export function isInForeignLetters({ target }: GuardedRequest, reply: string): boolean {
  return !standIn.test(reply) && /\p{L}/u.test(reply) && hasTargetScript(reply, target) === false;
}

/** The text and, beside it, about as much again. */
export function repeatsText(text: string, reply: string): boolean {
  const [said, answered] = [bareLetters(text), bareLetters(reply)];
  return saysMuch(text) && answered.includes(said) && letterWeight(answered) > 1.4 * letterWeight(said);
}

function answersQuestion({ text, target }: GuardedRequest, reply: string): boolean {
  if (withoutQuestionMarks.has(baseLanguage(target))) return false;
  return endsAsQuestion.test(text) && !questionMark.test(reply);
}

function holdsRemark(text: string, reply: string): boolean {
  return letterWeight(text) <= longestParagraphWeight && remark.test(reply) && !/[([{]/.test(text);
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
 * "2026" everywhere, and who says "I'm sorry, I can't help" is translated so, as far as their language is known.
 */
export function checkReply(request: GuardedRequest, reply: string): ReplyFlaw | undefined {
  const text = normalizeText(request.text);
  const answer = normalizeText(reply);
  const given = { ...request, text };
  const flaw = (what: string, showable = false): ReplyFlaw => ({
    error: new EngineReplyError(`${what}: ${answer.length} characters for a text of ${text.length}`),
    showable,
  });
  const nearIdentical = areNearIdentical(request.source, request.target);
  if (text !== '' && answer === '') return flaw('the reply is empty');
  if (isOverlong(given, answer)) return flaw('the reply is too long for a translation');
  if (!nearIdentical && isEcho(text, answer)) return flaw('the reply is the text itself');
  if (saysMuch(answer) && isInForeignLetters(given, answer))
    return flaw('the reply is not in the script of the target language');
  if (!nearIdentical && repeatsText(text, answer)) return flaw('the reply repeats the text', true);
  if (answersQuestion(given, answer)) return flaw('the reply to a question is none', true);
  if (isTalk(given, reply.trim())) return flaw('the reply talks about the text', true);
  return undefined;
}
