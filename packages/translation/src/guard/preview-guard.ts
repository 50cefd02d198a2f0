import { letterWeight } from '../letter-weight.ts';
import { normalizeText } from '../normalize-text.ts';
import {
  hasRemark,
  isInOtherLanguage,
  isPlaceholder,
  isCommentary,
  mustAsk,
  type GuardedRequest,
} from './check-reply.ts';
import { EchoScanner } from './echo-scanner.ts';
import { minIdentifiableWeight, identifiedChars } from './identify-language.ts';
import { isOwnTranslation } from './own-translation.ts';
import { hasOrdinaryWords, hasTranslatableLetters, translatable } from './ordinary-words.ts';
import { hasTargetScript } from './target-script.ts';
import { mayBeWrapped } from './unwrap-reply.ts';

/** An assistant's message is recognizable at its beginning; in UTF-16 units. */
const longestOpening = 300;
/** Overlap kept to find a remark that is split between two pieces; in UTF-16 units. */
const longestRemarkMark = 40;
/** The language is identified again whenever the reply has grown by this factor. */
const identifiedAgainAt = 1.25;
/**
 * For texts from this weight, the beginning waits until its language is identified: a final's, since it may be reasoning, and a
 * partial's, since it is not shown at all if its whole reply turns out to be in another language. See `letterWeight`.
 */
const identifiedFrom = { final: 4 * minIdentifiableWeight, partial: 0.75 * minIdentifiableWeight };
/** Longer words are checked in parts; in UTF-16 units. */
const longestWord = 200;

/**
 * Decides whether a streamed reply can be shown as the beginning of a translation. Each piece is scanned once; only the
 * beginning is scanned again as it grows. Leading names and numbers may be the same in both languages, or in another script
 * than the target's, so they wait for more text.
 */
export class PreviewGuard {
  readonly #request: GuardedRequest;
  readonly #echo: EchoScanner;
  readonly #mayEcho: boolean;
  /** Whether repeating the text is plainly correct in any script; being short is not enough. */
  readonly #isPlain: boolean;
  /** The last, possibly incomplete word. */
  #word = '';
  #tail = '';
  #length = 0;
  #hasTargetLetters = false;
  #hasOtherLetters = false;
  #isCommentary = false;
  #isPlaceholder = false;
  #isOtherLanguage = false;
  #identifiedAt: number = minIdentifiableWeight + 1;
  #waitsForLanguage: boolean;
  /** Only the whole reply tells whether a partial is shown at all. */
  #waitsForEnd: boolean;

  constructor(request: GuardedRequest) {
    const text = normalizeText(request.text);
    this.#request = { ...request, text };
    this.#echo = new EchoScanner(text);
    this.#mayEcho = isOwnTranslation(this.#request);
    this.#waitsForLanguage = letterWeight(text) >= identifiedFrom[request.kind];
    this.#waitsForEnd = request.kind === 'partial' && mustAsk(this.#request);
    this.#isPlain = this.#mayEcho && (letterWeight(text) > minIdentifiableWeight || !hasOrdinaryWords(text));
  }

  /** @param answer the reply so far, ending with the new text `grownBy` */
  add(grownBy: string, answer: string): void {
    if (grownBy === '') return;
    this.#echo.add(grownBy);
    this.#lookForScript(grownBy);
    const [request, seen] = [this.#request, this.#length];
    this.#length += grownBy.length;
    if (seen <= longestOpening) {
      this.#waitsForEnd ||= request.kind === 'partial' && mayBeWrapped(request.text, answer);
      this.#isCommentary = isCommentary(request, answer);
      this.#isPlaceholder = isPlaceholder(answer);
    } else {
      this.#isCommentary ||= hasRemark(request.text, this.#tail + grownBy);
    }
    this.#waitsForLanguage &&= letterWeight(answer) <= minIdentifiableWeight;
    this.#tail = (this.#tail + grownBy).slice(-longestRemarkMark);
    if (this.#length < this.#identifiedAt) return;
    this.#isOtherLanguage = isInOtherLanguage(request, answer.slice(0, identifiedChars));
    // The identifier uses the beginning only, which no longer changes.
    this.#identifiedAt = this.#length < identifiedChars ? identifiedAgainAt * this.#length : Infinity;
  }

  get isShowable(): boolean {
    if (this.#waitsForEnd) return false;
    if (this.#isPlain && this.#echo.isBeginning) return true;
    if (this.#waitsForLanguage && !this.#isPlaceholder) return false;
    if (this.#isCommentary || this.#isOtherLanguage) return false;
    if (!this.#mayEcho && (this.#echo.isBeginning || this.#echo.isRepeated)) return false;
    return (
      this.#hasTargetLetters || this.#isPlaceholder || !(this.#hasOtherLetters || hasTranslatableLetters(this.#word))
    );
  }

  #lookForScript(grownBy: string): void {
    if (this.#hasTargetLetters) return;
    this.#word += grownBy;
    this.#hasTargetLetters = hasTargetScript(translatable(this.#word), this.#request.target) ?? true;
    const end = this.#word.length > longestWord ? '' : (/\S*$/u.exec(this.#word)?.[0] ?? '');
    this.#hasOtherLetters ||= hasTranslatableLetters(this.#word.slice(0, this.#word.length - end.length));
    this.#word = end;
  }
}
