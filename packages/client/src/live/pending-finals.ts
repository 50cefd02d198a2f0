import type { SessionResumed } from '@parley/protocol';
import type { FinalTranscript } from '../session.ts';
import type { SavedFinal } from './saved-session.ts';
import type { RequestedTargets } from './requested-options.ts';

interface PendingFinal {
  readonly transcript: FinalTranscript;
  targets: RequestedTargets;
  readonly resolvedTargets: Set<string>;
  /** `doubtful`: refused because the session is ending; only a result shows whether it had been accepted before. */
  state: 'waiting' | 'sent' | 'doubtful' | 'accepted';
  id: string | undefined;
}

/**
 * Maximum number of unanswered finals on a connection, well below the number of messages that an edge queues. Fewer after a
 * temporary refusal: the server refuses all that follow a refused final, so that their order stays.
 */
const maxUnansweredFinals = 200;
/** Maximum number of segment IDs in `session.resume`. */
const maxResumeIds = 2048;

/** The finals of a speaker in speaking order; each is kept until it is accepted and has a result for every target. */
export class PendingFinals {
  readonly #finals = new Map<number, PendingFinal>();
  #maxUnanswered = maxUnansweredFinals;

  /** The segment IDs of the finals that the server may have received, for `session.resume`. */
  get sentSegmentIds(): number[] {
    const known = [...this.#finals].filter(([, { id }]) => id !== undefined);
    return known.map(([segmentId]) => segmentId).slice(-maxResumeIds);
  }

  /** What `restore` needs. */
  get saved(): SavedFinal[] {
    return [...this.#finals.values()].map(({ transcript, targets, resolvedTargets, state }) => ({
      transcript,
      targetLanguages: [...targets.languages].filter((target) => !resolvedTargets.has(target)),
      isAccepted: state === 'accepted',
    }));
  }

  /** Adds finals of an earlier client. Which of them the server has is known after the resume. */
  restore(finals: readonly SavedFinal[]): void {
    for (const { transcript, targetLanguages, isAccepted } of finals) {
      this.#finals.set(transcript.segmentId, {
        transcript,
        targets: { languages: new Set(targetLanguages) },
        resolvedTargets: new Set(),
        state: isAccepted ? 'accepted' : 'sent',
        // No message of this client has it.
        id: '',
      });
    }
  }

  get size(): number {
    return this.#finals.size;
  }

  /** Whether a final is not accepted yet but still may be. */
  get hasUnaccepted(): boolean {
    return [...this.#finals.values()].some(({ state }) => state === 'waiting' || state === 'sent');
  }

  textOf(segmentId: number): string | undefined {
    return this.#finals.get(segmentId)?.transcript.text;
  }

  isAccepted(segmentId: number): boolean {
    return this.#finals.get(segmentId)?.state === 'accepted';
  }

  add(transcript: FinalTranscript, targets: RequestedTargets): void {
    const final: PendingFinal = { transcript, targets, resolvedTargets: new Set(), state: 'waiting', id: undefined };
    this.#finals.set(transcript.segmentId, final);
  }

  /** Yields the finals to send now, up to the limit of unanswered ones, and marks them as sent. */
  *takeSendable(targets: RequestedTargets, nextId: () => string): Iterable<FinalTranscript & { id: string }> {
    let unanswered = [...this.#finals.values()].filter(({ state }) => state === 'sent').length;
    for (const final of this.#finals.values()) {
      if (final.state !== 'waiting') continue;
      if (unanswered >= this.#maxUnanswered) return;
      unanswered += 1;
      const id = nextId();
      Object.assign(final, { state: 'sent', id, targets });
      yield { ...final.transcript, id };
    }
  }

  accept(segmentId: number): void {
    const final = this.#finals.get(segmentId);
    if (final?.id === undefined) return;
    final.state = 'accepted';
    this.#maxUnanswered = Math.min(maxUnansweredFinals, this.#maxUnanswered + 1);
    this.#dropIfComplete(segmentId, final);
  }

  /** @returns whether this is the first sign that the final was accepted */
  resolve(segmentId: number, targetLanguage: string): boolean {
    const final = this.#finals.get(segmentId);
    if (final === undefined) return false;
    final.resolvedTargets.add(targetLanguage);
    const wasDoubtful = final.state === 'doubtful';
    if (wasDoubtful) final.state = 'accepted';
    this.#dropIfComplete(segmentId, final);
    return wasDoubtful;
  }

  /**
   * Marks a final as refused by an ending session.
   *
   * @returns whether a sent final has this message `id`
   */
  markDoubtful(id: string): boolean {
    const doubtful = [...this.#finals.values()].find((final) => final.id === id && final.state === 'sent');
    if (doubtful !== undefined) doubtful.state = 'doubtful';
    return doubtful !== undefined;
  }

  /**
   * Handles the refusal of the message with this `id`.
   *
   * @param retryable whether to send the final again; otherwise it is dropped
   * @returns the segment ID if the message was a final
   */
  refuse(id: string, retryable: boolean): number | undefined {
    for (const [segmentId, final] of this.#finals) {
      if (final.id !== id || final.state !== 'sent') continue;
      if (retryable) {
        final.state = 'waiting';
        this.#maxUnanswered = Math.max(1, Math.floor(this.#maxUnanswered / 2));
      } else this.#finals.delete(segmentId);
      return segmentId;
    }
    return undefined;
  }

  /** Drops the finals that are complete once a refused update no longer counts. */
  dropComplete(): void {
    for (const [segmentId, final] of this.#finals) this.#dropIfComplete(segmentId, final);
  }

  /**
   * Applies the server's reply to a resume: finals that it lacks or never answered are sent again. If the log was
   * trimmed (`recovered` is false), results of accepted finals may never arrive, so those finals are dropped.
   */
  applyResume({ accepted, missing, recovered }: Pick<SessionResumed, 'accepted' | 'missing' | 'recovered'>): void {
    for (const segmentId of accepted) this.accept(segmentId);
    for (const segmentId of missing) {
      const final = this.#finals.get(segmentId);
      if (final !== undefined) final.state = 'waiting';
    }
    for (const final of this.#finals.values()) {
      if (final.state === 'sent' || final.state === 'doubtful') final.state = 'waiting';
    }
    if (recovered) return;
    for (const [segmentId, { state }] of this.#finals) if (state === 'accepted') this.#finals.delete(segmentId);
  }

  /** Sends all finals again, to a new session. */
  resendAll(): void {
    for (const final of this.#finals.values()) final.state = 'waiting';
  }

  #dropIfComplete(segmentId: number, { state, targets, resolvedTargets }: PendingFinal): void {
    if (state === 'accepted' && [...targets.languages].every((target) => resolvedTargets.has(target)))
      this.#finals.delete(segmentId);
  }
}
