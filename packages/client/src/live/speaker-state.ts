import type { ErrorMessage, ServerMessage } from '@parley/protocol';
import type { SentMessage } from '../connection.ts';
import type { FinalTranscript, PartialTranscript, StartOptions, UpdateOptions } from '../session.ts';
import { AskedOptions } from './asked-options.ts';
import { Delivery } from './delivery.ts';
import { HeldFinals } from './held-finals.ts';
import { isSessionLoss } from './is-session-loss.ts';
import { OpenPartial } from './open-partial.ts';

/** What follows from a server message. */
export interface Reaction {
  /** Whether the client's user gets the message. */
  readonly deliver: boolean;
  /** To be sent at once, in this order. */
  readonly send: readonly SentMessage[];
  /** The finals that are safe with the server from now on. */
  readonly accepted: readonly number[];
  /** The final that the server refused for good. */
  readonly refused?: { readonly segmentId: number; readonly error: ErrorMessage };
  /** A final, or the end, was refused for now: `retried()` is to be asked after a while; until then nothing is sent. */
  readonly retry: boolean;
  /** The server no longer knows the session: another is to be opened, on the same socket, for what is held. */
  readonly reopen: boolean;
}

/**
 * A speaker's side of a session, whatever becomes of its connections: decides what is held, and what is sent again. No
 * I/O. Messages to send are returned, for the connection that is open at that moment.
 */
export class SpeakerState {
  readonly #options: AskedOptions;
  readonly #held = new HeldFinals();
  readonly #partial = new OpenPartial();
  readonly #delivery = new Delivery();
  #session: { readonly sessionId: string; readonly resumeToken: string } | undefined;
  #openingId: string | undefined;
  #isOpen = false;
  #isPaused = false;
  #end: 'no' | 'due' | 'sent' = 'no';
  #endId: string | undefined;
  #ids = 0;

  constructor(options: StartOptions) {
    this.#options = new AskedOptions(options);
  }

  /** Whether the session was to end, and nothing of it is open any more. */
  get isDone(): boolean {
    return this.#end !== 'no' && this.#held.size === 0;
  }

  /** The message that opens the session on a new connection, or again on the same one after `session.resync`. */
  opening(): SentMessage {
    this.lost();
    const id = (this.#openingId = this.#nextId());
    if (this.#session === undefined) return { type: 'session.start', id, ...this.#options.restarted() };
    return { type: 'session.resume', id, ...this.#session, offset: this.#delivery.offset ?? 0, held: this.#held.named };
  }

  /** The connection is gone, or must be opened again. */
  lost(): void {
    this.#isOpen = false;
    this.#isPaused = false;
    if (this.#end === 'sent') this.#end = 'due';
    this.#endId = undefined;
  }

  /** The session can't be taken up any more: the next opening starts another one. */
  forget(): void {
    this.#session = undefined;
  }

  /** While the connection is away only the newest one is worth anything later. */
  partial(transcript: PartialTranscript): SentMessage | undefined {
    const id = this.#isOpen ? this.#nextId() : undefined;
    this.#partial.said(transcript, id);
    return id === undefined ? undefined : { type: 'transcript.partial', id, ...transcript };
  }

  /** @returns whether the segment is held with another text, in which case nothing is done */
  contradicts({ segmentId, text }: FinalTranscript): boolean {
    const held = this.#held.textOf(segmentId);
    return held !== undefined && held !== text;
  }

  /** @returns what to send, and whether this very final is accepted already */
  final(transcript: FinalTranscript): { send: SentMessage[]; isAccepted: boolean } {
    this.#partial.settled(transcript.segmentId);
    if (this.#held.textOf(transcript.segmentId) === undefined) this.#held.add(transcript, this.#options.targets);
    return { send: this.waiting(), isAccepted: this.#held.isAccepted(transcript.segmentId) };
  }

  update(options: UpdateOptions): { id: string; send: SentMessage[] } {
    const id = this.#nextId();
    this.#options.update(id, options);
    return { id, send: this.#isOpen ? [{ type: 'session.update', id, ...options }] : [] };
  }

  end(): SentMessage[] {
    if (this.#end === 'no') this.#end = 'due';
    return this.waiting();
  }

  /** The finals that wait to be sent or, once all of them are accepted, the end if it was asked for. */
  waiting(): SentMessage[] {
    if (!this.#isOpen || this.#isPaused) return [];
    const send: SentMessage[] = [];
    for (const final of this.#held.takeWaiting(this.#options.targets, () => this.#nextId())) {
      send.push({ type: 'transcript.final', ...final });
    }
    if (this.#end === 'due' && !this.#held.hasUnanswered) {
      this.#end = 'sent';
      this.#endId = this.#nextId();
      send.push({ type: 'session.end', id: this.#endId });
    }
    return send;
  }

  /** As `waiting()`, after a while in which nothing was sent because the server had refused a message for now. */
  retried(): SentMessage[] {
    this.#isPaused = false;
    return this.waiting();
  }

  received(message: ServerMessage): Reaction {
    const deliver = this.#delivery.admits(message);
    const nothing = { deliver, send: [], accepted: [], retry: false, reopen: false };
    switch (message.type) {
      case 'session.started':
        this.#session = { sessionId: message.sessionId, resumeToken: message.resumeToken };
        this.#delivery.restart(message.offset);
        this.#held.restarted();
        this.#isOpen = true;
        return { ...nothing, send: [...this.waiting(), ...this.#openPartial()] };
      case 'session.resumed': {
        this.#session = { sessionId: message.sessionId, resumeToken: message.resumeToken };
        this.#held.resumed(message);
        this.#isOpen = true;
        const send = [...this.#repeatedUpdate(), ...this.waiting(), ...this.#openPartial()];
        return { ...nothing, send, accepted: message.accepted };
      }
      case 'transcript.accepted':
        this.#held.accepted(message.segmentId);
        return { ...nothing, send: this.waiting(), accepted: [message.segmentId] };
      case 'translation.final':
      case 'translation.failed':
        return this.#held.resolved(message.segmentId, message.targetLanguage)
          ? { ...nothing, accepted: [message.segmentId] }
          : nothing;
      case 'error':
        return { ...nothing, ...this.#refused(message) };
      default:
        return nothing;
    }
  }

  #refused(error: ErrorMessage): Partial<Reaction> {
    const { causedBy } = error;
    if (isSessionLoss(error)) return { reopen: this.#sessionLost(causedBy) };
    if (causedBy === undefined) return {};
    if (error.code === 'session-ending' && !this.#isAfterEnd(causedBy) && this.#held.doubted(causedBy)) {
      return { send: this.waiting() };
    }
    if (!error.retryable) this.#partial.refused(causedBy);
    this.#options.refused(causedBy);
    this.#held.targetsChanged();
    const segmentId = this.#held.refused(causedBy, error.retryable);
    const isEnd = causedBy === this.#endId;
    if (segmentId === undefined && !isEnd) return {};
    if (error.retryable) {
      if (isEnd) this.#end = 'due';
      this.#isPaused = true;
      return { retry: true };
    }
    return segmentId === undefined ? {} : { refused: { segmentId, error }, send: this.waiting() };
  }

  /** No final is at fault: whatever was sent is kept for the next session. @returns whether to open that now */
  #sessionLost(causedBy: string | undefined): boolean {
    if (!this.#isOpen) {
      if (causedBy === this.#openingId) this.forget();
      return false;
    }
    const isOfSessionBefore = causedBy !== undefined && Number(causedBy) < Number(this.#openingId);
    if (isOfSessionBefore) return false;
    this.forget();
    this.lost();
    return !this.isDone;
  }

  #isAfterEnd(id: string): boolean {
    return this.#endId !== undefined && Number(id) > Number(this.#endId);
  }

  #repeatedUpdate(): SentMessage[] {
    const id = this.#nextId();
    const options = this.#options.repeated(id);
    return options === undefined ? [] : [{ type: 'session.update', id, ...options }];
  }

  /** The server may have lost it, or never got it. A session that is to end drops it. */
  #openPartial(): SentMessage[] {
    const id = this.#nextId();
    const partial = this.#end === 'no' ? this.#partial.again(id) : undefined;
    return partial === undefined ? [] : [{ type: 'transcript.partial', id, ...partial }];
  }

  #nextId(): string {
    return String((this.#ids += 1));
  }
}
