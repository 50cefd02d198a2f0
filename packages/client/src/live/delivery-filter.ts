import type { ServerMessage } from '@parley/protocol';

interface TargetProgress {
  revision: number;
  isResolved: boolean;
  /** The offset of the newest correction. */
  correctedAt: number;
}

/** How many segments are tracked; the server accepts no finals for older ones. */
const maxSegments = 1024;

/**
 * Tracks what was delivered over all connections of one client: the offset to resume from, and which messages are
 * duplicates. Only the first result of a segment and target is delivered, even if its final was sent again (as
 * `missing`, or to a new session), and each correction once. A new connection starts with the newest partial of each open segment, which may
 * have been delivered before.
 */
export class DeliveryFilter {
  readonly #segments = new Map<number, Map<string, TargetProgress>>();
  #offset: number | undefined;

  /** The highest offset of a delivered message; `undefined` before the first one. */
  get offset(): number | undefined {
    return this.#offset;
  }

  /** Switches to the log of another session, which starts at `offset`. */
  restart(offset: number): void {
    this.#offset = offset;
  }

  /** Whether to deliver the message; `false` for outdated and duplicate ones. */
  admits(message: ServerMessage): boolean {
    switch (message.type) {
      case 'transcript.partial':
        return this.#admitsPartial(message.segmentId, transcriptKey, message.revision);
      case 'translation.partial':
        return this.#admitsPartial(message.segmentId, message.targetLanguage, message.revision);
      case 'transcript.final':
        return this.#admitsResult(message.segmentId, transcriptKey, message.offset);
      case 'translation.final':
      case 'translation.failed':
        return this.#admitsResult(message.segmentId, message.targetLanguage, message.offset);
      case 'transcript.corrected':
        return this.#admitsCorrection(message.segmentId, transcriptKey, message.offset);
      case 'translation.corrected':
        return this.#admitsCorrection(message.segmentId, message.targetLanguage, message.offset);
      default:
        return true;
    }
  }

  #admitsPartial(segmentId: number, key: string, revision: number): boolean {
    const progress = this.#progressOf(segmentId, key);
    if (progress.isResolved || revision <= progress.revision) return false;
    progress.revision = revision;
    return true;
  }

  #admitsResult(segmentId: number, key: string, offset: number): boolean {
    this.#offset = Math.max(this.#offset ?? 0, offset);
    const progress = this.#progressOf(segmentId, key);
    if (progress.isResolved) return false;
    progress.isResolved = true;
    return true;
  }

  /** A listener that joined after the final gets only its correction. */
  #admitsCorrection(segmentId: number, key: string, offset: number): boolean {
    this.#offset = Math.max(this.#offset ?? 0, offset);
    const progress = this.#progressOf(segmentId, key);
    if (offset <= progress.correctedAt) return false;
    progress.correctedAt = offset;
    progress.isResolved = true;
    return true;
  }

  #progressOf(segmentId: number, key: string): TargetProgress {
    let targets = this.#segments.get(segmentId);
    if (targets === undefined) {
      this.#segments.set(segmentId, (targets = new Map<string, TargetProgress>()));
      const [oldest] = this.#segments.keys();
      if (oldest !== undefined && this.#segments.size > maxSegments) this.#segments.delete(oldest);
    }
    let progress = targets.get(key);
    if (progress === undefined) targets.set(key, (progress = { revision: -1, isResolved: false, correctedAt: -1 }));
    return progress;
  }
}

/** Cannot clash with a language tag, which is never empty. */
const transcriptKey = '';
