import { isBlank } from '@parley/protocol';
import { letterWeight } from '../letter-weight.ts';
import { isInOtherLanguage, longestReplyWeight, replyWeight, type GuardedRequest } from './check-reply.ts';
import { MarkFilter, withoutChannelNames } from './model-marks.ts';
import { PreviewLook } from './preview-look.ts';
import { unwrapReply } from './unwrap-reply.ts';

/**
 * Reasoning before an answer may be marked at its end alone: so much of a reply is read on that would be too long for a
 * translation, more where it is in another language than the target's. No reasoning may be longer. In UTF-16 units.
 */
const [unmarkedReasoning, longestReasoning] = [400, 32_000];

/**
 * The reply to a request as it comes, without the marks of a model's own format. What is done with a reply takes time
 * that is linear in its length, however many pieces it comes in.
 */
export class GrowingReply {
  readonly #request: GuardedRequest;
  readonly #marks: MarkFilter;
  readonly #longestWeight: number;
  #weight = 0;
  #isBlank = true;
  #nextWeighingAt: number;
  /** Only whoever shows previews pays for looks at them. */
  #look: PreviewLook | undefined;
  #unseen = '';

  constructor(request: GuardedRequest) {
    this.#request = request;
    this.#marks = new MarkFilter(request.text);
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

  /** Whether it is not worth reading on: what has come is longer than any translation, and than reasoning before one. */
  get isOverlong(): boolean {
    const { answer, droppedChars } = this.#marks;
    if (droppedChars > longestReasoning) return true;
    if (this.#weight <= this.#nextWeighingAt) return false;
    // Normalised it weighs less, and to do that at every piece would take quadratic time.
    const excess = replyWeight(answer) - this.#longestWeight;
    if (excess > unmarkedReasoning && (excess > longestReasoning || !isInOtherLanguage(this.#request, answer)))
      return true;
    this.#nextWeighingAt = Math.max(1.25 * this.#weight, this.#weight + unmarkedReasoning / 4);
    return false;
  }

  /** What has come, if it can be shown as the beginning of a translation. */
  get showable(): string | undefined {
    const { answer } = this.#marks;
    this.#look ??= new PreviewLook(this.#request);
    this.#look.add(this.#unseen, answer);
    this.#unseen = '';
    return !this.#isBlank && this.#weight <= this.#longestWeight && this.#look.isShowable ? answer : undefined;
  }

  /** Nothing more comes. @returns the reply as it is to be judged: without a model's marks, and unwrapped */
  end(): string {
    this.#marks.end();
    const { text } = this.#request;
    return unwrapReply(text, withoutChannelNames(text, this.#marks.answer));
  }
}
