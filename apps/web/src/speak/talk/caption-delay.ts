import type { SentMessage, ServerMessage } from '@parley/client';

const maxSamples = 20;
/** More than the server keeps open; of what was sent and never shown, the oldest is forgotten. */
const maxAwaited = 200;

/**
 * How late captions are: the median, over the last ones, of the time from the sending of a transcript to the arrival of
 * its translation. Where the sending is unknown, after a reload, the server's own time stands for it.
 */
export class CaptionDelay {
  readonly #sentAtMs = new Map<string, number>();
  #samples: readonly number[] = [];

  sent(message: SentMessage, nowMs: number): void {
    const key = keyOfTranscript(message);
    if (key === undefined || this.#sentAtMs.has(key)) return;
    this.#sentAtMs.set(key, nowMs);
    const [oldest] = this.#sentAtMs.keys();
    if (oldest !== undefined && this.#sentAtMs.size > maxAwaited) this.#sentAtMs.delete(oldest);
  }

  received(message: ServerMessage, nowMs: number): void {
    if (message.type !== 'translation.partial' && message.type !== 'translation.final') return;
    const revision = message.type === 'translation.final' ? 'final' : message.revision;
    const sentAtMs = this.#sentAtMs.get(`${message.segmentId} ${revision}`);
    const lateMs = sentAtMs === undefined ? message.timing.totalMs : nowMs - sentAtMs;
    this.#samples = [...this.#samples, lateMs].slice(-maxSamples);
  }

  /** In milliseconds; `undefined` before the first caption. */
  get medianMs(): number | undefined {
    return this.#samples.toSorted((one, other) => one - other)[Math.floor(this.#samples.length / 2)];
  }
}

/** Names the transcript that a caption is made from. */
function keyOfTranscript(message: SentMessage): string | undefined {
  if (message.type === 'transcript.partial') return `${message.segmentId} ${message.revision}`;
  return message.type === 'transcript.final' ? `${message.segmentId} final` : undefined;
}

/** Such as "about 0.4 s". */
export function delayText(medianMs: number): string {
  const seconds = Math.max(0.1, medianMs / 1000);
  return seconds < 10 ? `about ${seconds.toFixed(1)} s` : `about ${Math.round(seconds)} s`;
}
