import type { PartialResult } from '@parley/redis/log';
import type { PendingStore, ShownTranslation } from '@parley/redis/pending';
import type { SegmentTarget } from '@parley/redis/segment';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What readers see as characters: an accent or an emoji of several parts is one with its letter. */
function characters(text: string): number {
  return Array.from(graphemes.segment(text)).length;
}

/**
 * Whether the beginning of a translation may take the place of what is on the screen: it goes on where that ends, or it
 * is longer. Anything else would make a caption collapse and grow again.
 */
export function isPastShown(shown: string, soFar: string): boolean {
  if (soFar.startsWith(shown)) return soFar.length > shown.length;
  return characters(soFar) > characters(shown);
}

const everyMs = 150;
/** A preview is as long as all that has come, so a long one waits until this share of it is new: all previews together stay linear. */
const leastGrowth = 1 / 32;

export interface PreviewPublisherOptions {
  readonly pending: Pick<PendingStore, 'preview'>;
  readonly slot: SegmentTarget;
  /** What readers see already. */
  readonly shown: ShownTranslation;
  readonly bodyFor: (text: string) => PartialResult;
}

/**
 * Shows a long translation while it grows: at most every 150 ms, one publication at a time, and nothing before it is past
 * what is shown. The first piece is passed over, since a reply that comes in one piece is no preview of itself.
 */
export class PreviewPublisher {
  readonly #options: PreviewPublisherOptions;
  #shown: ShownTranslation;
  #hasBegun = false;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #lookedAtMs = -Infinity;
  #lookedAtLength = 0;

  constructor(options: PreviewPublisherOptions) {
    this.#options = options;
    this.#shown = options.shown;
  }

  /** @param text all that has come so far; shorter than before where another call has begun anew */
  progress(text: string): void {
    if (this.#isStopped || text === '') return;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      return;
    }
    if (this.#running !== undefined || !this.#isDue(text.length)) return;
    if (!isPastShown(this.#shown.text ?? '', text)) return;
    this.#running = this.#publish(text).finally(() => (this.#running = undefined));
  }

  /** Nothing is published after this resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  #isDue(length: number): boolean {
    const nowMs = performance.now();
    if (length < this.#lookedAtLength) this.#lookedAtLength = 0;
    if (nowMs - this.#lookedAtMs < everyMs || length < this.#lookedAtLength * (1 + leastGrowth)) return false;
    this.#lookedAtMs = nowMs;
    this.#lookedAtLength = length;
    return true;
  }

  async #publish(text: string): Promise<void> {
    const { pending, slot, bodyFor } = this.#options;
    try {
      const result = await pending.preview(slot, bodyFor(text), this.#shown.revision);
      if (result.status === 'published') this.#shown = { revision: result.revision, text };
      else if (result.status === 'overtaken') this.#shown = result.shown;
    } catch {
      // A preview that can't be published is only a preview: the translation itself is still coming.
    }
  }
}
