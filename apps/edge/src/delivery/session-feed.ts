import type { ServerMessage } from '@parley/protocol';
import type { Envelope } from '@parley/redis/channel';
import type { FoundLogEntry, LogReader } from '@parley/redis/log';
import type { EdgeMetrics, Logger } from '@parley/telemetry';
import { Delivery, type FeedItem } from './delivery.ts';
import type { Subscriber } from './subscriber.ts';
import { traceDelivery } from './trace-delivery.ts';

const retryMs = 200;

/** The channel messages that carry results; the others are for the edges. */
export type ResultEnvelope = Extract<Envelope, { kind: 'log' | 'partial' }>;

export interface SessionFeedOptions {
  readonly sessionId: string;
  readonly deps: {
    readonly log: Pick<LogReader, 'readAfter' | 'readOpenPartials'>;
    readonly metrics: Pick<EdgeMetrics, 'gapFilled' | 'translationDelivered'>;
    readonly logger: Logger;
  };
  /** Called for every published partial, whoever receives it. */
  readonly onPartial: (partial: Delivery) => void;
  /** Called when a translation is delivered. @param totalMs since the arrival of its transcript */
  readonly onTranslated?: (totalMs: number) => void;
}

/**
 * The results of a session on one edge, for any number of sockets: live from the channel in log order, and from the
 * log if the channel lost messages.
 */
export class SessionFeed {
  readonly #options: SessionFeedOptions;
  readonly #subscribers = new Set<Subscriber>();
  /** Messages that arrive while the log is being read, or before the start offset is known. */
  #buffered: ResultEnvelope[] | undefined = [];
  #hasMissed = false;
  #started = false;
  #offset = 0;
  #closed = false;

  constructor(options: SessionFeedOptions) {
    this.#options = options;
  }

  /** Starts after this offset; only the first call has an effect. */
  startAfter(offset: number): void {
    if (this.#started) return;
    this.#started = true;
    this.#offset = offset;
    if (this.#clearMissed()) void this.#readLog(undefined);
    else this.#deliverBuffered();
  }

  close(): void {
    this.#closed = true;
    this.#subscribers.clear();
  }

  /**
   * Delivers everything after an offset to the subscriber: first from the log, then live. Resolves when it is
   * live. Calling it again for the same subscriber continues from the greater of both offsets.
   */
  async attach(subscriber: Subscriber, afterOffset: number): Promise<void> {
    subscriber.catchUpAfter(afterOffset);
    this.#subscribers.add(subscriber);
    while (this.#subscribers.has(subscriber)) {
      if (await this.#readWithRetry(() => this.#catchUp(subscriber))) break;
    }
    if (this.#subscribers.has(subscriber)) subscriber.goLive();
  }

  detach(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
  }

  /** Sends all subscribers a message that is not part of the feed. */
  tell(message: ServerMessage): void {
    for (const subscriber of this.#subscribers) subscriber.tell(message);
  }

  /** Handles a message of the session's channel. */
  message(envelope: ResultEnvelope): void {
    if (this.#buffered === undefined) this.#apply(envelope);
    else this.#buffered.push(envelope);
  }

  /** Compares with the head of the log, which reveals messages that the channel lost just before a silence. */
  noticeHead(head: number): void {
    if (head > this.#offset) this.lookForMissed();
  }

  /** Reads the log, because channel messages may have been lost. */
  lookForMissed(): void {
    if (this.#buffered === undefined) this.#fillGap(undefined);
    else this.#hasMissed = true;
  }

  #apply(envelope: ResultEnvelope): void {
    const decision = decide(this.#offset, envelope);
    if (decision === 'gap') this.#fillGap(envelope);
    else if (decision === 'deliver') this.#dispatch(envelope);
  }

  #dispatch(item: FeedItem): void {
    const { sessionId, deps, onTranslated } = this.#options;
    const delivery = new Delivery(item, (message) => {
      if (message.type !== 'translation.final' && message.type !== 'translation.partial') return;
      const kind = message.type === 'translation.final' ? 'final' : 'partial';
      deps.metrics.translationDelivered(kind, message.timing.totalMs);
      onTranslated?.(message.timing.totalMs);
    });
    if (item.kind === 'log') this.#offset = item.offset;
    else this.#options.onPartial(delivery);
    traceDelivery(delivery, sessionId, () => {
      for (const subscriber of this.#subscribers) subscriber.take(delivery);
    });
  }

  /**
   * Delivers the log after a subscriber's offset, then the newest partial of each open segment. Returns whether
   * the subscriber has caught up.
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

  /** Reads from the log; returns `false` after a delay if Redis is unavailable. */
  async #readWithRetry(read: () => Promise<boolean>): Promise<boolean> {
    try {
      return await read();
    } catch (error) {
      const { sessionId, deps } = this.#options;
      deps.logger.warn({ err: error, sessionId }, 'reading a session log failed; retrying');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      return false;
    }
  }

  /** Buffers messages, reads the log up to its end, then continues with the buffered messages. */
  #fillGap(trigger: ResultEnvelope | undefined): void {
    this.#buffered = [];
    this.#options.deps.metrics.gapFilled();
    void this.#readLog(trigger);
  }

  async #readLog(trigger: ResultEnvelope | undefined): Promise<void> {
    const { sessionId, deps } = this.#options;
    while (!this.#closed) {
      const isAtEnd = await this.#readWithRetry(async () => {
        const entries = await deps.log.readAfter(sessionId, this.#offset);
        for (const found of entries) this.#dispatchFound(found);
        return entries.length === 0 && !this.#clearMissed();
      });
      if (isAtEnd) break;
    }
    if (this.#closed) return;
    // If the trigger still shows a gap, the missing entries are no longer in the log; continue from the trigger.
    if (trigger !== undefined && decide(this.#offset, trigger) !== 'duplicate') this.#dispatch(trigger);
    this.#deliverBuffered();
  }

  /** Whether messages may have been lost while the log was being read; resets the flag. */
  #clearMissed(): boolean {
    const missed = this.#hasMissed;
    this.#hasMissed = false;
    return missed;
  }

  #dispatchFound({ offset, entry }: FoundLogEntry): void {
    if (entry !== undefined) {
      this.#dispatch({ kind: 'log', offset, entry });
      return;
    }
    this.#offset = offset;
    const { sessionId, deps } = this.#options;
    deps.logger.error({ sessionId, offset }, 'reading a session log entry failed; skipping it');
  }

  /** Each message may reveal another gap and buffer the remaining ones again. */
  #deliverBuffered(): void {
    const buffered = this.#buffered ?? [];
    this.#buffered = undefined;
    for (const envelope of buffered) this.message(envelope);
  }
}

/**
 * Decides what to do with a channel message, given the last delivered offset. Each entry names the previous one, and
 * each partial the head of the log, so lost messages are detected.
 */
function decide(deliveredOffset: number, envelope: ResultEnvelope): 'deliver' | 'duplicate' | 'gap' {
  if (envelope.kind === 'partial') return envelope.head > deliveredOffset ? 'gap' : 'deliver';
  if (envelope.offset <= deliveredOffset) return 'duplicate';
  return envelope.previous > deliveredOffset ? 'gap' : 'deliver';
}
