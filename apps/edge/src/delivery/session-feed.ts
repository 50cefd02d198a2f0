import type { ServerMessage } from '@parley/protocol';
import type { Envelope } from '@parley/redis/channel';
import type { FoundLogEntry, LogReader } from '@parley/redis/log';
import type { EdgeMetrics, Logger } from '@parley/telemetry';
import { Delivery, type FeedItem } from './delivery.ts';
import type { Subscriber } from './subscriber.ts';

const retryMs = 200;

/** The messages of a session's channel that carry results; the others are for the edges themselves. */
export type ResultEnvelope = Extract<Envelope, { kind: 'log' | 'partial' }>;

export interface SessionFeedOptions {
  readonly sessionId: string;
  readonly deps: {
    readonly log: Pick<LogReader, 'readAfter' | 'readOpenPartials'>;
    readonly metrics: Pick<EdgeMetrics, 'gapFilled' | 'translationDelivered'>;
    readonly logger: Logger;
  };
  /** Hears of every partial that was published, whoever may be told of it. */
  readonly onPartial: (partial: Delivery) => void;
}

/**
 * A session's results on one edge, for any number of sockets: live from the channel, in the order of the log, and from the
 * log whatever the channel lost.
 */
export class SessionFeed {
  readonly #options: SessionFeedOptions;
  readonly #subscribers = new Set<Subscriber>();
  /** What comes while the log is being read, or before the start is known. */
  #held: ResultEnvelope[] | undefined = [];
  #mayHaveMissed = false;
  #started = false;
  #offset = 0;
  #closed = false;

  constructor(options: SessionFeedOptions) {
    this.#options = options;
  }

  /** Begins with what lies after this offset; only the first call counts. */
  startAfter(offset: number): void {
    if (this.#started) return;
    this.#started = true;
    this.#offset = offset;
    if (this.#takeMissed()) void this.#readLog(undefined);
    else this.#goOn();
  }

  close(): void {
    this.#closed = true;
    this.#subscribers.clear();
  }

  /**
   * Gives the subscriber all that lies after an offset: out of the log, then what is live. Resolves when it is live.
   * Calling again for the same one goes on from the greater of both offsets.
   */
  async attach(subscriber: Subscriber, afterOffset: number): Promise<void> {
    subscriber.catchUpAfter(afterOffset);
    this.#subscribers.add(subscriber);
    while (this.#subscribers.has(subscriber)) {
      if (await this.#tryToRead(() => this.#catchUp(subscriber))) break;
    }
    if (this.#subscribers.has(subscriber)) subscriber.goLive();
  }

  detach(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
  }

  /** Tells all subscribers something about the session that is no part of its feed. */
  tell(message: ServerMessage): void {
    for (const subscriber of this.#subscribers) subscriber.tell(message);
  }

  /** A message of the session's channel. */
  message(envelope: ResultEnvelope): void {
    if (this.#held === undefined) this.#apply(envelope);
    else this.#held.push(envelope);
  }

  /** The log goes up to this offset: what the channel lost just before a silence shows here. */
  noticeHead(head: number): void {
    if (head > this.#offset) this.lookForMissed();
  }

  /** Something may have been missed on the channel. */
  lookForMissed(): void {
    if (this.#held === undefined) this.#fillGap(undefined);
    else this.#mayHaveMissed = true;
  }

  #apply(envelope: ResultEnvelope): void {
    const decision = decide(this.#offset, envelope);
    if (decision === 'gap') this.#fillGap(envelope);
    else if (decision === 'deliver') this.#dispatch(envelope);
  }

  #dispatch(item: FeedItem): void {
    const { metrics } = this.#options.deps;
    const delivery = new Delivery(item, (message) => {
      if (message.type === 'translation.final') metrics.translationDelivered('final', message.timing.totalMs);
      if (message.type === 'translation.partial') metrics.translationDelivered('partial', message.timing.totalMs);
    });
    if (item.kind === 'log') this.#offset = item.offset;
    else this.#options.onPartial(delivery);
    for (const subscriber of this.#subscribers) subscriber.take(delivery);
  }

  /**
   * Gives a subscriber what the log holds after its offset, then the newest partial of each open segment. Whether that was
   * all.
   */
  async #catchUp(subscriber: Subscriber): Promise<boolean> {
    const { sessionId, deps } = this.#options;
    const entries = await deps.log.readAfter(sessionId, subscriber.deliveredOffset);
    const partials = entries.length === 0 ? await deps.log.readOpenPartials(sessionId) : [];
    if (!this.#subscribers.has(subscriber)) return true;
    for (const { offset, entry } of entries) {
      if (entry === undefined) subscriber.pass(offset);
      else subscriber.deliver(new Delivery({ kind: 'log', offset, entry }));
    }
    for (const partial of partials) subscriber.deliver(new Delivery({ kind: 'partial', ...partial }));
    return entries.length === 0;
  }

  /** Reads from the log; `false` after a pause where Redis is away. */
  async #tryToRead(read: () => Promise<boolean>): Promise<boolean> {
    try {
      return await read();
    } catch (error) {
      const { sessionId, deps } = this.#options;
      deps.logger.warn({ err: error, sessionId }, 'reading a session log failed; retrying');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      return false;
    }
  }

  /** Holds what comes, reads the log up to its end, then goes on with what was held. */
  #fillGap(trigger: ResultEnvelope | undefined): void {
    this.#held = [];
    this.#options.deps.metrics.gapFilled();
    void this.#readLog(trigger);
  }

  async #readLog(trigger: ResultEnvelope | undefined): Promise<void> {
    const { sessionId, deps } = this.#options;
    while (!this.#closed) {
      const isAtEnd = await this.#tryToRead(async () => {
        const entries = await deps.log.readAfter(sessionId, this.#offset);
        for (const found of entries) this.#dispatchFound(found);
        return entries.length === 0 && !this.#takeMissed();
      });
      if (isAtEnd) break;
    }
    if (this.#closed) return;
    // Where the trigger still shows a gap, the log no longer holds what is missing: go on from there.
    if (trigger !== undefined && decide(this.#offset, trigger) !== 'double') this.#dispatch(trigger);
    this.#goOn();
  }

  /** Whether something may have been missed while the log was being read. */
  #takeMissed(): boolean {
    const missed = this.#mayHaveMissed;
    this.#mayHaveMissed = false;
    return missed;
  }

  #dispatchFound({ offset, entry }: FoundLogEntry): void {
    if (entry !== undefined) {
      this.#dispatch({ kind: 'log', offset, entry });
      return;
    }
    this.#offset = offset;
    const { sessionId, deps } = this.#options;
    deps.logger.error({ sessionId, offset }, 'an entry of a log could not be read; it is passed over');
  }

  /** Each may show a gap of its own, and hold those behind it again. */
  #goOn(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const envelope of held) this.message(envelope);
  }
}

/**
 * What to do with a message of the channel, given the newest offset that was delivered. Each entry names the one before it
 * and each partial the head of the log, so whatever got lost in between shows.
 */
function decide(deliveredOffset: number, envelope: ResultEnvelope): 'deliver' | 'double' | 'gap' {
  if (envelope.kind === 'partial') return envelope.head > deliveredOffset ? 'gap' : 'deliver';
  if (envelope.offset <= deliveredOffset) return 'double';
  return envelope.previous > deliveredOffset ? 'gap' : 'deliver';
}
