import type { ServerMessage } from '@parley/protocol';

interface Shown {
  revision: number;
  settled: boolean;
}

/** How many segments are remembered; a server settles none that is older. */
const maxSegments = 1024;

/**
 * What has been delivered, over all connections of one client: the offset to resume from, and what may be delivered
 * still: of the results of a segment for a target the first, also where the segment was sent again, as `missing` or to a
 * new session. A new connection begins with the newest partial of each open segment, which may have been delivered before.
 */
export class Delivery {
  readonly #segments = new Map<number, Map<string, Shown>>();
  #offset: number | undefined;

  /** The highest offset of a delivered message; `undefined` before the first. */
  get offset(): number | undefined {
    return this.#offset;
  }

  /** Another session's log is delivered from here on. */
  restart(offset: number): void {
    this.#offset = offset;
  }

  /** Whether the message is to be delivered; one that comes too late, or a second time, is not. */
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
      default:
        return true;
    }
  }

  #admitsPartial(segmentId: number, key: string, revision: number): boolean {
    const shown = this.#shown(segmentId, key);
    if (shown.settled || revision <= shown.revision) return false;
    shown.revision = revision;
    return true;
  }

  #admitsResult(segmentId: number, key: string, offset: number): boolean {
    this.#offset = Math.max(this.#offset ?? 0, offset);
    const shown = this.#shown(segmentId, key);
    if (shown.settled) return false;
    shown.settled = true;
    return true;
  }

  #shown(segmentId: number, key: string): Shown {
    let targets = this.#segments.get(segmentId);
    if (targets === undefined) {
      this.#segments.set(segmentId, (targets = new Map<string, Shown>()));
      const [oldest] = this.#segments.keys();
      if (oldest !== undefined && this.#segments.size > maxSegments) this.#segments.delete(oldest);
    }
    let shown = targets.get(key);
    if (shown === undefined) targets.set(key, (shown = { revision: -1, settled: false }));
    return shown;
  }
}

/** No language tag is empty. */
const transcriptKey = '';
