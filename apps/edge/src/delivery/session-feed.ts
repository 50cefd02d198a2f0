import type { ServerMessage } from '@parley/protocol';
import type { ChannelListener, Envelope, NumberedLogEntry } from '@parley/state';
import type { EdgeDependencies } from '../core/dependencies.ts';
import { decide } from './feed-cursor.ts';
import { messageOfEntry, messageOfPartial } from './server-messages.ts';
import { ShownRevisions } from './shown-revisions.ts';

const retryMs = 200;

/**
 * Carries a session's results to its client: live from the channel, and from the log whatever the channel lost. Entries
 * of the log leave in order, each once.
 */
export class SessionFeed implements ChannelListener {
  readonly #sessionId: string;
  readonly #deps: Pick<EdgeDependencies, 'channels' | 'log' | 'metrics' | 'logger'>;
  readonly #send: (message: ServerMessage) => void;
  readonly #onEnded: () => void;
  readonly #shown = new ShownRevisions();
  /** What comes while the log is being read, or before the start is known. */
  #held: Envelope[] | undefined = [];
  #deliveredOffset = 0;
  #closed = false;

  constructor(options: {
    sessionId: string;
    deps: Pick<EdgeDependencies, 'channels' | 'log' | 'metrics' | 'logger'>;
    send: (message: ServerMessage) => void;
    /** The session's last message has been sent. */
    onEnded: () => void;
  }) {
    this.#sessionId = options.sessionId;
    this.#deps = options.deps;
    this.#send = options.send;
    this.#onEnded = options.onEnded;
  }

  /** Subscribes; what is published from then on is held until `startAfter`. */
  async open(): Promise<void> {
    await this.#deps.channels.subscribe(this.#sessionId, this);
  }

  /** Begins to deliver what lies after this offset. */
  startAfter(offset: number): void {
    this.#deliveredOffset = offset;
    this.#deliverHeld();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#deps.channels.unsubscribe(this.#sessionId);
  }

  message(envelope: Envelope | undefined): void {
    if (envelope === undefined) {
      this.#deps.logger.warn({ sessionId: this.#sessionId }, 'a channel message could not be read');
      this.reconnected();
    } else if (this.#held === undefined) this.#apply(envelope);
    else this.#held.push(envelope);
  }

  reconnected(): void {
    if (this.#held === undefined) this.#fillGap(undefined);
  }

  #apply(envelope: Envelope): void {
    const decision = decide(this.#deliveredOffset, envelope);
    if (decision === 'gap') this.#fillGap(envelope);
    else if (decision === 'deliver') this.#deliver(envelope);
  }

  #deliver(envelope: Envelope): void {
    if (envelope.kind === 'log') {
      this.#deliverEntry(envelope);
      return;
    }
    const { partial, revision } = envelope;
    if (!this.#shown.show(partial.segmentId, partial.targetLanguage, revision)) return;
    const message = messageOfPartial(partial, revision, Date.now());
    this.#deps.metrics.translationDelivered('partial', message.timing.totalMs);
    this.#send(message);
  }

  #deliverEntry(numbered: NumberedLogEntry): void {
    this.#deliveredOffset = numbered.offset;
    const { entry } = numbered;
    if (entry.type === 'translation' || entry.type === 'failed') {
      this.#shown.conclude(entry.segmentId, entry.targetLanguage);
    }
    const message = messageOfEntry(numbered, Date.now());
    if (message === undefined) return;
    if (message.type === 'translation.final') this.#deps.metrics.translationDelivered('final', message.timing.totalMs);
    this.#send(message);
    if (message.type === 'session.ended') this.#onEnded();
  }

  /** Holds what comes, reads the log up to its end, then goes on with what was held. */
  #fillGap(trigger: Envelope | undefined): void {
    this.#held = [];
    this.#deps.metrics.gapFilled();
    void this.#readLog(trigger);
  }

  async #readLog(trigger: Envelope | undefined): Promise<void> {
    while (!this.#closed) {
      try {
        const entries = await this.#deps.log.readAfter(this.#sessionId, this.#deliveredOffset);
        if (entries.length === 0) break;
        for (const entry of entries) this.#deliverEntry(entry);
      } catch (error) {
        this.#deps.logger.warn({ err: error, sessionId: this.#sessionId }, 'a log could not be read');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    // Where the trigger still shows a gap, the log no longer holds what is missing: go on from there.
    if (trigger !== undefined && decide(this.#deliveredOffset, trigger) !== 'double') this.#deliver(trigger);
    this.#deliverHeld();
  }

  /** Each may show a gap of its own, and hold those behind it again. */
  #deliverHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const envelope of held) this.message(envelope);
  }
}
