import { isOwnLanguage, type ServerMessage } from '@parley/protocol';
import type { SessionSettings } from '@parley/redis/session';
import { transcriptTarget, type Delivery } from './delivery.ts';
import { RevisionFilter, type Outbox } from './outbox.ts';

/** Whether a subscriber receives an item. */
export type Audience = (delivery: Delivery) => boolean;

/** The host receives its target languages, finals also after it removed the language, and corrections of what it said. */
export function hostAudience(settings: () => Pick<SessionSettings, 'targetLanguages'>): Audience {
  return ({ item }) => {
    if (item.kind === 'partial') {
      return item.partial.type === 'partial' && settings().targetLanguages.includes(item.partial.targetLanguage);
    }
    const { entry } = item;
    if (entry.type === 'ended' || entry.type === 'corrected-transcript') return true;
    return entry.type !== 'transcript' && entry.listenersOnly !== true;
  };
}

/**
 * A listener receives its languages. The source language selects the transcript as it is spoken; segments in another
 * language are also translated.
 */
export function listenerAudience(languages: ReadonlySet<string>, sourceLanguage: string): Audience {
  const receivesTranscript = languages.has(sourceLanguage);
  return ({ item, subject }) => {
    if (subject === undefined) return true;
    if (subject.target === transcriptTarget) return receivesTranscript;
    if (!languages.has(subject.target)) return false;
    if (!receivesTranscript) return true;
    const result = item.kind === 'log' ? item.entry : item.partial;
    const isCopyOfTranscript = 'language' in result && isOwnLanguage(result.language, subject.target);
    return !(isCopyOfTranscript && isOwnLanguage(sourceLanguage, subject.target));
  };
}

/** The connection that receives a subscriber's messages. */
export interface SubscribedConnection {
  readonly outbox: Pick<Outbox, 'deliver' | 'reply'>;
  /** The session's last message was sent. */
  sessionEnded(): void;
}

/**
 * One socket's position in a session's feed. Log entries are sent once and in order; revisions of a segment and
 * target only increase, and nothing follows the final. Live messages wait while it catches up from the log.
 */
export class Subscriber {
  readonly #connection: SubscribedConnection;
  readonly #filter = new RevisionFilter();
  #audience: Audience;
  #waiting: Delivery[] | undefined;
  #deliveredOffset = 0;
  #hasEnded = false;

  constructor(audience: Audience, connection: SubscribedConnection) {
    this.#audience = audience;
    this.#connection = connection;
  }

  /** The newest offset that was delivered or skipped. */
  get deliveredOffset(): number {
    return this.#deliveredOffset;
  }

  /** Changes what is received from now on. */
  follow(audience: Audience): void {
    this.#audience = audience;
  }

  /** Sends a message that is not part of the feed, unless the session has ended. */
  tell(message: ServerMessage): void {
    if (!this.#hasEnded) this.#connection.outbox.reply(message);
  }

  /** Starts to catch up after this offset, but never before an offset that was already delivered. */
  catchUpAfter(offset: number): void {
    this.pass(offset);
    this.#waiting ??= [];
  }

  /** Ends catching up: delivers the messages that arrived meanwhile, then live ones. */
  goLive(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const delivery of waiting) this.deliver(delivery);
  }

  /** Delivers a live item, or queues it while catching up. */
  take(delivery: Delivery): void {
    if (this.#waiting === undefined) this.deliver(delivery);
    else this.#waiting.push(delivery);
  }

  /** Skips the entries up to this offset. */
  pass(offset: number): void {
    this.#deliveredOffset = Math.max(this.#deliveredOffset, offset);
  }

  /** Delivers the item unless it was already delivered, is outdated, or is for a different audience. */
  deliver(delivery: Delivery): void {
    const { item, subject } = delivery;
    if (item.kind === 'log') {
      if (item.offset <= this.#deliveredOffset) return;
      this.#deliveredOffset = item.offset;
    }
    if (!this.#audience(delivery)) return;
    if (subject !== undefined && !delivery.isCorrection) {
      // Redis may produce a final twice if it lost the record of the first one, which was already sent here.
      const isNew =
        item.kind === 'log' ? this.#filter.conclude(subject.key) : this.#filter.show(subject.key, item.revision);
      if (!isNew) return;
    }
    this.#connection.outbox.deliver(delivery);
    if (subject !== undefined) return;
    this.#hasEnded = true;
    this.#connection.sessionEnded();
  }
}
