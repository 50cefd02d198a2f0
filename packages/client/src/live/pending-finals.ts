import type { SessionResumed } from '@parley/protocol';
import type { FinalTranscript } from '../session.ts';
import type { AskedTargets } from './asked-options.ts';

interface HeldFinal {
  readonly transcript: FinalTranscript;
  targets: AskedTargets;
  readonly resolved: Set<string>;
  /** `doubtful`: refused because the session is ending; only its results can tell whether it was accepted before. */
  state: 'waiting' | 'sent' | 'doubtful' | 'accepted';
  id: string | undefined;
}

/** The most finals that stand unanswered on a connection: far below what an edge lets wait. */
const maxUnanswered = 200;
/** The most ids that `session.resume` may name. */
const maxNamed = 10_000;

/** The finals of a speaker until each is accepted and has come for every target; in the order in which they were said. */
export class HeldFinals {
  readonly #finals = new Map<number, HeldFinal>();

  /** The finals that the server may know: what `session.resume` names. */
  get named(): number[] {
    const known = [...this.#finals].filter(([, { id }]) => id !== undefined);
    return known.map(([segmentId]) => segmentId).slice(-maxNamed);
  }

  get size(): number {
    return this.#finals.size;
  }

  /** Whether a final may still be accepted that is not yet. */
  get hasUnanswered(): boolean {
    return [...this.#finals.values()].some(({ state }) => state === 'waiting' || state === 'sent');
  }

  textOf(segmentId: number): string | undefined {
    return this.#finals.get(segmentId)?.transcript.text;
  }

  isAccepted(segmentId: number): boolean {
    return this.#finals.get(segmentId)?.state === 'accepted';
  }

  add(transcript: FinalTranscript, targets: AskedTargets): void {
    const final: HeldFinal = { transcript, targets, resolved: new Set(), state: 'waiting', id: undefined };
    this.#finals.set(transcript.segmentId, final);
  }

  /** What is to be sent now, as far as the server can take it; from here on it counts as sent. */
  *takeWaiting(targets: AskedTargets, nextId: () => string): Iterable<FinalTranscript & { id: string }> {
    let unanswered = [...this.#finals.values()].filter(({ state }) => state === 'sent').length;
    for (const final of this.#finals.values()) {
      if (final.state !== 'waiting') continue;
      if (unanswered >= maxUnanswered) return;
      unanswered += 1;
      const id = nextId();
      Object.assign(final, { state: 'sent', id, targets });
      yield { ...final.transcript, id };
    }
  }

  accepted(segmentId: number): void {
    const final = this.#finals.get(segmentId);
    if (final?.id === undefined) return;
    final.state = 'accepted';
    this.#forgetWhole(segmentId, final);
  }

  /** @returns whether this shows for the first time that the final was accepted */
  resolved(segmentId: number, targetLanguage: string): boolean {
    const final = this.#finals.get(segmentId);
    if (final === undefined) return false;
    final.resolved.add(targetLanguage);
    const wasDoubtful = final.state === 'doubtful';
    if (wasDoubtful) final.state = 'accepted';
    this.#forgetWhole(segmentId, final);
    return wasDoubtful;
  }

  /** The server takes no more finals. @returns whether the message with this id was one that had been sent */
  doubted(id: string): boolean {
    const doubted = [...this.#finals.values()].find((final) => final.id === id && final.state === 'sent');
    if (doubted !== undefined) doubted.state = 'doubtful';
    return doubted !== undefined;
  }

  /**
   * The server refused the message with this id.
   *
   * @param retryable whether the final is to be sent once more; otherwise it is held no longer
   * @returns its segment, if that message was a final
   */
  refused(id: string, retryable: boolean): number | undefined {
    for (const [segmentId, final] of this.#finals) {
      if (final.id !== id || final.state !== 'sent') continue;
      if (retryable) final.state = 'waiting';
      else this.#finals.delete(segmentId);
      return segmentId;
    }
    return undefined;
  }

  /** After a refused update other targets count than was thought. */
  targetsChanged(): void {
    for (const [segmentId, final] of this.#finals) this.#forgetWhole(segmentId, final);
  }

  /**
   * What the server has of the finals, after a resume: all that it lacks, or never answered, waits to be sent again.
   * Where the log has been trimmed (not `recovered`), results of accepted ones may never come: those are held no longer.
   */
  resumed({ accepted, missing, recovered }: Pick<SessionResumed, 'accepted' | 'missing' | 'recovered'>): void {
    for (const segmentId of accepted) this.accepted(segmentId);
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

  /** A new session knows of nothing. */
  restarted(): void {
    for (const final of this.#finals.values()) final.state = 'waiting';
  }

  #forgetWhole(segmentId: number, { state, targets, resolved }: HeldFinal): void {
    if (state === 'accepted' && [...targets.languages].every((target) => resolved.has(target)))
      this.#finals.delete(segmentId);
  }
}
