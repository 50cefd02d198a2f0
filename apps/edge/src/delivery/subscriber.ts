import { isOwnLanguage, type ServerMessage } from '@parley/protocol';
import type { SessionSettings } from '@parley/redis/session';
import { transcriptTarget, type Delivery } from './delivery.ts';
import { RevisionFilter, type Outbox } from './outbox.ts';

/** Whether somebody is told of an item. */
export type Audience = (delivery: Delivery) => boolean;

/** The host hears of the languages that it asked for; finals also where it has taken the language away since. */
export function hostAudience(settings: () => Pick<SessionSettings, 'targetLanguages'>): Audience {
  return ({ item }) => {
    if (item.kind === 'partial') {
      return item.partial.type === 'partial' && settings().targetLanguages.includes(item.partial.targetLanguage);
    }
    const { entry } = item;
    return entry.type === 'ended' || (entry.type !== 'transcript' && entry.listenersOnly !== true);
  };
}

/**
 * A listener hears of its own languages. The source language means the transcript as it is spoken; where a segment is in
 * another language, its translation comes besides.
 */
export function listenerAudience(languages: ReadonlySet<string>, sourceLanguage: string): Audience {
  const hearsTranscript = languages.has(sourceLanguage);
  return ({ item, subject }) => {
    if (subject === undefined) return true;
    if (subject.target === transcriptTarget) return hearsTranscript;
    if (!languages.has(subject.target)) return false;
    if (!hearsTranscript) return true;
    const result = item.kind === 'log' ? item.entry : item.partial;
    const isCopyOfTranscript = 'language' in result && isOwnLanguage(result.language, subject.target);
    return !(isCopyOfTranscript && isOwnLanguage(sourceLanguage, subject.target));
  };
}

/** Who gets what a subscriber is given. */
export interface SubscribedConnection {
  readonly outbox: Pick<Outbox, 'deliver' | 'reply'>;
  /** The session's last message has been sent. */
  sessionEnded(): void;
}

/**
 * One socket's place in a session's feed. Entries of the log leave in order, each once; for a segment and target revisions
 * only grow, and after the final nothing comes. While it catches up from the log, what is live waits.
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
    if (!this.#hasEnded) this.#connection.outbox.reply(message);
  }

  /** Begins to catch up after this offset; one that has been delivered here already is not gone back to. */
  catchUpAfter(offset: number): void {
    this.pass(offset);
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

  /** Passes over the entries up to this offset. */
  pass(offset: number): void {
    this.#deliveredOffset = Math.max(this.#deliveredOffset, offset);
  }

  /** Delivers now, unless it was delivered before, came too late, or is for others. */
  deliver(delivery: Delivery): void {
    const { item, subject } = delivery;
    if (item.kind === 'log') {
      if (item.offset <= this.#deliveredOffset) return;
      this.#deliveredOffset = item.offset;
    }
    if (!this.#audience(delivery)) return;
    if (subject !== undefined) {
      // A final is made a second time where Redis has lost that it was made: it was sent here before.
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
