import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';
import { holdsRemark, isInOtherLanguage, isStandInText, isTalk, type GuardedRequest } from './check-reply.ts';
import { EchoScanner } from './echo-scanner.ts';
import { leastTellingWeight, longestTellingText } from './identify-language.ts';
import { isOwnTranslation } from './own-translation.ts';
import { saysSomething, translatable } from './ordinary-words.ts';
import { hasTargetScript } from './target-script.ts';

/** An assistant says at the beginning what it has to say; in UTF-16 units. */
const longestOpening = 300;
/** A remark may be cut between two pieces; in UTF-16 units. */
const longestRemarkMark = 40;
/** The language is identified anew whenever so many times as much has come. */
const identifiedAgainAt = 1.25;
/** Of a text of such weight the first words wait until they tell their language: they may be reasoning. See `letterWeight`. */
const longText = 4 * leastTellingWeight;
/** A word that goes on for longer is looked at in parts; in UTF-16 units. */
const longestWord = 200;

/**
 * Looks whether what has come of a reply can be shown as the beginning of a translation. Each piece is looked at once, and
 * the whole only at its beginning. Names and numbers that come first may be the same in both languages, and another script
 * than the target's: they wait until what follows tells.
 */
export class PreviewLook {
  readonly #request: GuardedRequest;
  readonly #echo: EchoScanner;
  readonly #mayEcho: boolean;
  /** Whether repeating the text is plainly right, whatever script it is in; what is short only may be. */
  readonly #isPlain: boolean;
  /** What has come of a word that may go on. */
  #word = '';
  #tail = '';
  #length = 0;
  #hasTargetLetters = false;
  #hasOtherLetters = false;
  #isTalk = false;
  #isStandInText = false;
  #isOtherLanguage = false;
  #identifiedAt: number = leastTellingWeight + 1;
  #waitsForLanguage: boolean;

  constructor(request: GuardedRequest) {
    const text = normalizeText(request.text);
    this.#request = { ...request, text };
    this.#echo = new EchoScanner(text);
    this.#mayEcho = isOwnTranslation(this.#request);
    this.#waitsForLanguage = request.kind === 'final' && letterWeight(text) >= longText;
    this.#isPlain = this.#mayEcho && (letterWeight(text) > leastTellingWeight || !saysSomething(text));
  }

  /** @param answer what has come, `grownBy` being the end of it that was not looked at before */
  add(grownBy: string, answer: string): void {
    if (grownBy === '') return;
    this.#echo.add(grownBy);
    this.#lookForScript(grownBy);
    const [request, seen] = [this.#request, this.#length];
    this.#length += grownBy.length;
    if (seen <= longestOpening) {
      this.#isTalk = isTalk(request, answer);
      this.#isStandInText = isStandInText(answer);
    } else {
      this.#isTalk ||= holdsRemark(request.text, this.#tail + grownBy);
    }
    this.#waitsForLanguage &&= letterWeight(answer) <= leastTellingWeight;
    this.#tail = (this.#tail + grownBy).slice(-longestRemarkMark);
    if (this.#length < this.#identifiedAt) return;
    this.#isOtherLanguage = isInOtherLanguage(request, answer.slice(0, longestTellingText));
    // From there on the beginning tells, and that doesn't change any more.
    this.#identifiedAt = this.#length < longestTellingText ? identifiedAgainAt * this.#length : Infinity;
  }

  get isShowable(): boolean {
    if (this.#isPlain && this.#echo.isBeginning) return true;
    if (this.#waitsForLanguage && !this.#isStandInText) return false;
    if (this.#isTalk || this.#isOtherLanguage) return false;
    if (!this.#mayEcho && (this.#echo.isBeginning || this.#echo.isRepeated)) return false;
    return this.#hasTargetLetters || this.#isStandInText || !(this.#hasOtherLetters || hasLetters(this.#word));
  }

  #lookForScript(grownBy: string): void {
    if (this.#hasTargetLetters) return;
    this.#word += grownBy;
    this.#hasTargetLetters = hasTargetScript(translatable(this.#word), this.#request.target) ?? true;
    const end = this.#word.length > longestWord ? '' : (/\S*$/u.exec(this.#word)?.[0] ?? '');
    this.#hasOtherLetters ||= hasLetters(this.#word.slice(0, this.#word.length - end.length));
    this.#word = end;
  }
}

/** Whether there are letters beside those that no language translates. */
function hasLetters(text: string): boolean {
  return /\p{L}/u.test(translatable(text));
}
