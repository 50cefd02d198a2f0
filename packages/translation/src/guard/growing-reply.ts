import { isBlank } from '@parley/protocol';
import { letterWeight } from '../letter-weight.ts';
import { isInOtherLanguage, longestReplyWeight, replyWeight, type GuardedRequest } from './check-reply.ts';
import { FormatMarkFilter, withoutChannelNames } from './format-marks.ts';
import { PreviewGuard } from './preview-guard.ts';
import { unwrapReply } from './unwrap-reply.ts';

/**
 * Reasoning may be marked at its end only, so reading continues this far beyond the maximum reply length: the first limit
 * applies to text in the target language, the second to text in another language. In UTF-16 units.
 */
const [unmarkedReasoning, longestReasoning] = [400, 32_000];

/**
 * A streamed reply without the markers of the model's output format. Processing takes linear time regardless of the number
 * of pieces.
 */
export class GrowingReply {
  readonly #request: GuardedRequest;
  readonly #marks: FormatMarkFilter;
  readonly #longestWeight: number;
  #weight = 0;
  #isBlank = true;
  #nextWeighingAt: number;
  /** Created on demand: only needed for previews. */
  #look: PreviewGuard | undefined;
  #unseen = '';

  constructor(request: GuardedRequest) {
    this.#request = request;
    this.#marks = new FormatMarkFilter(request.text);
    this.#longestWeight = longestReplyWeight(request);
    this.#nextWeighingAt = this.#longestWeight;
  }

  add(piece: string): void {
    const { grownBy, anew } = this.#marks.add(piece);
    if (anew) {
      this.#weight = 0;
      this.#isBlank = true;
      this.#nextWeighingAt = this.#longestWeight;
      this.#look = undefined;
      this.#unseen = '';
    }
    this.#weight += letterWeight(grownBy);
    this.#isBlank &&= isBlank(grownBy);
    this.#unseen += grownBy;
  }

  /** Whether the call should be aborted: the reply is longer than any translation and the reasoning before it. */
  get isOverlong(): boolean {
    const { answer, droppedChars } = this.#marks;
    if (droppedChars > longestReasoning) return true;
    if (this.#weight <= this.#nextWeighingAt) return false;
    // Normalizing reduces the weight, but doing so for every piece would take quadratic time.
    const excess = replyWeight(answer) - this.#longestWeight;
    if (excess > unmarkedReasoning && (excess > longestReasoning || !isInOtherLanguage(this.#request, answer)))
      return true;
    this.#nextWeighingAt = Math.max(1.25 * this.#weight, this.#weight + unmarkedReasoning / 4);
    return false;
  }

  /** The reply so far, if it can be shown as the beginning of a translation. */
  get showable(): string | undefined {
    const { answer } = this.#marks;
    this.#look ??= new PreviewGuard(this.#request);
    this.#look.add(this.#unseen, answer);
    this.#unseen = '';
    return !this.#isBlank && this.#weight <= this.#longestWeight && this.#look.isShowable ? answer : undefined;
  }

  /** Ends the reply. @returns the reply to check: without format markers, and unwrapped */
  end(): string {
    this.#marks.end();
    const { text } = this.#request;
    return unwrapReply(text, withoutChannelNames(text, this.#marks.answer));
  }
}
