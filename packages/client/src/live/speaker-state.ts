import type { ErrorMessage, ServerMessage } from '@parley/protocol';
import type { SentMessage } from '../connection.ts';
import type { FinalTranscript, PartialTranscript, StartOptions, UpdateOptions } from '../session.ts';
import { RequestedOptions } from './requested-options.ts';
import { DeliveryFilter } from './delivery-filter.ts';
import type { CorrectionMessage } from '../correction-message.ts';
import { PendingCorrections } from './pending-corrections.ts';
import { PendingFinals } from './pending-finals.ts';
import type { SavedSession } from './saved-session.ts';
import { isSessionLost } from './session-errors.ts';
import { OpenPartial } from './open-partial.ts';
import type { Reaction } from './reaction.ts';
import { RequestedEnd } from './requested-end.ts';
import { RequestedPause } from './requested-pause.ts';

/**
 * The state of a speaker across all connections: decides what to keep and what to send again. No I/O; messages to
 * send are returned and meant for the current connection.
 */
export class SpeakerState {
  readonly #options: RequestedOptions;
  readonly #pendingFinals = new PendingFinals();
  readonly #corrections = new PendingCorrections();
  readonly #partial = new OpenPartial();
  readonly #pause = new RequestedPause();
  readonly #end = new RequestedEnd();
  readonly #delivery = new DeliveryFilter();
  #session: { readonly sessionId: string; readonly resumeToken: string } | undefined;
  #openingId: string | undefined;
  #isResumeUnanswered = false;
  /** Resumes sent on earlier sockets without a reply, which the server may still handle. */
  #lateResumes = 0;
  #isOpen = false;
  #isHalted = false;
  #ids = 0;

  /** @param saved the session to continue; without it, the first opening message starts one */
  constructor(options: StartOptions, saved?: SavedSession) {
    this.#options = new RequestedOptions(options);
    if (saved === undefined) return;
    const { sessionId, resumeToken } = saved.started;
    this.#session = { sessionId, resumeToken };
    this.#delivery.restart(saved.offset);
    if (saved.update !== undefined) this.#options.addUpdate('', saved.update);
    this.#pendingFinals.restore(saved.finals);
    // It is repeated after the resume, with an `id` of its own.
    if (saved.isPaused !== undefined) this.#pause.request(saved.isPaused, '');
  }

  /** What continues the session elsewhere; `undefined` if it has not started, or the server has lost it. */
  get saved(): (Omit<SavedSession, 'started'> & { readonly resumeToken: string }) | undefined {
    if (this.#session === undefined) return undefined;
    const { resumeToken } = this.#session;
    const { isPaused } = this.#pause;
    return {
      resumeToken,
      offset: this.#delivery.offset ?? 0,
      ...this.#options.saved,
      ...(isPaused === undefined ? {} : { isPaused }),
      finals: this.#pendingFinals.saved,
    };
  }

  /** Whether the session was to be ended and no final is pending. */
  get isDone(): boolean {
    return this.#end.isRequested && this.#pendingFinals.size === 0;
  }

  /** Whether the speaker has requested a pause or its end; `undefined` if neither. */
  get requestedPause(): boolean | undefined {
    return this.#pause.isPaused;
  }

  /** Whether the session is open on the current connection. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The message that opens the session on a new connection or, after `session.resync`, on the same one. */
  openingMessage(): SentMessage {
    this.handleDisconnect();
    const id = (this.#openingId = this.nextId());
    if (this.#isResumeUnanswered) this.#lateResumes += 1;
    this.#isResumeUnanswered = this.#session !== undefined;
    if (this.#session === undefined) return { type: 'session.start', id, ...this.#options.mergeIntoStart() };
    return {
      type: 'session.resume',
      id,
      ...this.#session,
      offset: this.#delivery.offset ?? 0,
      held: this.#pendingFinals.sentSegmentIds,
    };
  }

  /** Called when the connection is lost or the session must be opened again. */
  handleDisconnect(): void {
    this.#isOpen = false;
    this.#isHalted = false;
    this.#end.handleDisconnect();
  }

  /** Makes the next opening message start a new session. */
  forgetSession(): void {
    this.#session = undefined;
  }

  /**
   * Whether a takeover of the session may be due to this client's own resume on an earlier socket, which an edge that
   * was cut off handled late. Each such resume is an excuse for one takeover.
   */
  excuseTakeover(): boolean {
    if (this.#lateResumes === 0) return false;
    this.#lateResumes -= 1;
    return true;
  }

  /** The `id` of the next message. IDs only increase, also across connections: their order tells what was sent before. */
  nextId(): string {
    return String((this.#ids += 1));
  }

  /** While disconnected, only the newest partial is kept; during a pause, none. */
  addPartial(transcript: PartialTranscript): SentMessage | undefined {
    if (this.#pause.isPaused === true) return undefined;
    const id = this.#isOpen ? this.nextId() : undefined;
    this.#partial.record(transcript, id);
    return id === undefined ? undefined : { type: 'transcript.partial', id, ...transcript };
  }

  /** @returns whether the final would not be sent because of a pause */
  refuses({ segmentId }: FinalTranscript): boolean {
    return this.#pause.isPaused === true && this.#pendingFinals.textOf(segmentId) === undefined;
  }

  /** @returns whether the segment has a pending final with another text */
  contradicts({ segmentId, text }: FinalTranscript): boolean {
    const pendingText = this.#pendingFinals.textOf(segmentId);
    return pendingText !== undefined && pendingText !== text;
  }

  /** @returns the messages to send, and whether this final is already accepted */
  addFinal(transcript: FinalTranscript): { send: SentMessage[]; isAccepted: boolean } {
    this.#partial.settle(transcript.segmentId);
    if (this.#pendingFinals.textOf(transcript.segmentId) === undefined)
      this.#pendingFinals.add(transcript, this.#options.targets);
    return { send: this.takeSendable(), isAccepted: this.#pendingFinals.isAccepted(transcript.segmentId) };
  }

  /** @returns the messages to send */
  addCorrection(correction: CorrectionMessage): SentMessage[] {
    this.#corrections.add(correction);
    return this.#isOpen ? [...this.#corrections.takeSendable(false, () => this.nextId())] : [];
  }

  update({ paused, ...options }: UpdateOptions): { id: string; send: SentMessage[] } {
    const id = this.nextId();
    const hasOptions = paused === undefined || Object.keys(options).length > 0;
    const send: SentMessage[] = hasOptions && this.#isOpen ? [{ type: 'session.update', id, ...options }] : [];
    if (hasOptions) this.#options.addUpdate(id, options);
    if (paused === undefined) return { id, send };
    this.#pause.request(paused, hasOptions ? this.nextId() : id);
    if (paused) this.#partial.clear();
    return { id, send: [...send, ...this.takeSendable()] };
  }

  requestEnd(): SentMessage[] {
    this.#end.request();
    return this.takeSendable();
  }

  /** The finals to send or, once all of them are accepted, the requested pause and `session.end`. */
  takeSendable(): SentMessage[] {
    if (!this.#isOpen || this.#isHalted) return [];
    const send: SentMessage[] = this.#takePause('unpaused');
    for (const final of this.#pendingFinals.takeSendable(this.#options.targets, () => this.nextId())) {
      send.push({ type: 'transcript.final', ...final });
    }
    if (this.#pendingFinals.hasUnaccepted) return send;
    send.push(...this.#takePause('paused'));
    const end = this.#end.takeDue(() => this.nextId());
    if (end !== undefined) send.push({ type: 'session.end', ...end });
    return send;
  }

  /**
   * Goes on after a temporary refusal.
   *
   * @returns the messages to send
   */
  resumeSending(): SentMessage[] {
    this.#isHalted = false;
    return this.takeSendable();
  }

  handleMessage(message: ServerMessage): Reaction {
    const deliver = this.#delivery.admits(message);
    const nothing = { deliver, send: [], accepted: [], retry: false, reopen: false };
    switch (message.type) {
      case 'session.started':
        this.#session = { sessionId: message.sessionId, resumeToken: message.resumeToken };
        this.#delivery.restart(message.offset);
        this.#pendingFinals.resendAll();
        this.#corrections.forgetAccepted();
        this.#pause.repeat(this.nextId());
        this.#isOpen = true;
        return {
          ...nothing,
          send: [...this.#repeatCorrections(), ...this.takeSendable(), ...this.#repeatOpenPartial()],
        };
      case 'session.resumed': {
        this.#session = { sessionId: message.sessionId, resumeToken: message.resumeToken };
        this.#isResumeUnanswered = false;
        this.#pendingFinals.applyResume(message);
        this.#pause.repeat(this.nextId());
        this.#isOpen = true;
        const repeated = [...this.#repeatUpdates(), ...this.#repeatCorrections()];
        const send = [...repeated, ...this.takeSendable(), ...this.#repeatOpenPartial()];
        return { ...nothing, send, accepted: message.accepted };
      }
      case 'transcript.accepted':
        // The server has seen that the newest resume token arrived, so earlier ones are invalid.
        this.#lateResumes = 0;
        this.#pendingFinals.accept(message.segmentId);
        return { ...nothing, send: this.takeSendable(), accepted: [message.segmentId] };
      case 'translation.final':
      case 'translation.failed':
        return this.#pendingFinals.resolve(message.segmentId, message.targetLanguage)
          ? { ...nothing, accepted: [message.segmentId] }
          : nothing;
      case 'correction.accepted':
        return { ...nothing, deliver: this.#corrections.accept(message.correctionId ?? '') };
      case 'error':
        return { ...nothing, ...this.#handleError(message) };
      default:
        return nothing;
    }
  }

  #handleError(error: ErrorMessage): Partial<Reaction> {
    const { causedBy } = error;
    if (isSessionLost(error)) return { reopen: this.#handleSessionLoss(causedBy) };
    if (causedBy === undefined) return {};
    const refusedCorrection = this.#corrections.refuse(causedBy);
    if (refusedCorrection === 'accepted') return { deliver: false };
    if (refusedCorrection !== undefined) return { refusedCorrection: { ...refusedCorrection, error } };
    if (
      error.code === 'session-ending' &&
      !this.#end.isBefore(causedBy) &&
      this.#pendingFinals.markDoubtful(causedBy)
    ) {
      return { send: this.takeSendable() };
    }
    if (this.#pause.isRequestedBy(causedBy)) {
      if (!error.retryable) this.#pause.revert();
      else return this.#repeatPause();
    }
    // The end of the pause was not handled, so the final came too early.
    if (error.code === 'session-paused' && this.#pause.isPaused === false) {
      return this.#pendingFinals.refuse(causedBy, true) === undefined ? {} : this.#repeatPause();
    }
    if (!error.retryable) this.#partial.discard(causedBy);
    this.#options.revert(causedBy);
    this.#pendingFinals.dropComplete();
    const segmentId = this.#pendingFinals.refuse(causedBy, error.retryable);
    const isEnd = this.#end.isRequestedBy(causedBy);
    if (segmentId === undefined && !isEnd) return {};
    if (error.retryable) {
      if (isEnd) this.#end.repeat();
      this.#isHalted = true;
      return { retry: true, retryAfterMs: error.retryAfterMs };
    }
    return segmentId === undefined ? {} : { refused: { segmentId, error }, send: this.takeSendable() };
  }

  /**
   * Keeps the finals for the next session.
   *
   * @returns whether to open that session now
   */
  #handleSessionLoss(causedBy: string | undefined): boolean {
    if (!this.#isOpen) {
      if (causedBy === this.#openingId) this.forgetSession();
      return false;
    }
    const isOfSessionBefore = causedBy !== undefined && Number(causedBy) < Number(this.#openingId);
    if (isOfSessionBefore) return false;
    this.forgetSession();
    this.handleDisconnect();
    return !this.isDone;
  }

  #takePause(mayBe: 'paused' | 'unpaused'): SentMessage[] {
    const due = this.#pause.takeDue(mayBe);
    return due === undefined ? [] : [{ type: 'session.update', ...due }];
  }

  #repeatPause(): Partial<Reaction> {
    this.#pause.repeat(this.nextId());
    this.#isHalted = true;
    return { retry: true };
  }

  #repeatUpdates(): SentMessage[] {
    const id = this.nextId();
    const options = this.#options.mergeUpdates(id);
    return options === undefined ? [] : [{ type: 'session.update', id, ...options }];
  }

  #repeatCorrections(): SentMessage[] {
    return [...this.#corrections.takeSendable(true, () => this.nextId())];
  }

  /** Repeats the open partial, which the server may not have. Dropped if the session is to end. */
  #repeatOpenPartial(): SentMessage[] {
    const id = this.nextId();
    const partial = this.#end.isRequested ? undefined : this.#partial.resendAs(id);
    return partial === undefined ? [] : [{ type: 'transcript.partial', id, ...partial }];
  }
}
