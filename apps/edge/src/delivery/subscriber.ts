import type { ServerMessage } from '@parley/protocol';
import type { Audience } from './audience.ts';
import type { Delivery } from './delivery.ts';
import { subjectOf } from './feed-item.ts';
import { ShownRevisions } from './shown-revisions.ts';

export interface SubscriberOptions {
  readonly audience: Audience;
  readonly send: (delivery: Delivery) => void;
  /** Sends what is no part of the feed. */
  readonly tell: (message: ServerMessage) => void;
  /** The session's last message has been sent. */
  readonly onEnded: () => void;
}

/**
 * One socket's place in a session's feed. Entries of the log leave in order, each once; for a segment and target revisions
 * only grow, and after the final nothing comes. While it catches up from the log, what is live waits.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #shown = new ShownRevisions();
  #audience: Audience;
  #waiting: Delivery[] | undefined;
  #deliveredOffset = 0;
  #hasEnded = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#audience = options.audience;
  }

  /** The newest offset that it was given or has passed over. */
  get deliveredOffset(): number {
    return this.#deliveredOffset;
  }

  /** Listens to something else from now on. */
  follow(audience: Audience): void {
    this.#audience = audience;
  }

  /** Sends something about the session that is no part of its feed, unless the session has ended. */
  tell(message: ServerMessage): void {
    if (!this.#hasEnded) this.#options.tell(message);
  }

  /** Begins to catch up after this offset; one that has been delivered here already is not gone back to. */
  catchUpAfter(offset: number): void {
    this.#deliveredOffset = Math.max(this.#deliveredOffset, offset);
    this.#waiting ??= [];
  }

  /** What the log held is delivered: now what has come meanwhile, and from here on what is live. */
  goLive(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const delivery of waiting) this.deliver(delivery);
  }

  /** A live delivery. */
  take(delivery: Delivery): void {
    if (this.#waiting === undefined) this.deliver(delivery);
    else this.#waiting.push(delivery);
  }

  /** Passes over an entry that can't be read. */
  pass(offset: number): void {
    this.#deliveredOffset = Math.max(this.#deliveredOffset, offset);
  }

  /** Delivers now, unless it was delivered before, came too late, or is for others. */
  deliver(delivery: Delivery): void {
    const { item } = delivery;
    const subject = subjectOf(item);
    if (item.kind === 'log') {
      if (item.offset <= this.#deliveredOffset) return;
      this.#deliveredOffset = item.offset;
      // Made a second time where Redis has lost that it was made: it was sent here before.
      if (subject !== undefined && !this.#shown.conclude(subject.segmentId, subject.target)) return;
    }
    if (!this.#audience(item)) return;
    if (item.kind === 'partial' && subject !== undefined) {
      if (!this.#shown.show(subject.segmentId, subject.target, item.revision)) return;
    }
    this.#options.send(delivery);
    if (subject !== undefined) return;
    this.#hasEnded = true;
    this.#options.onEnded();
  }
}
