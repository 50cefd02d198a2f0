import type { PartialResult, ShownCaption } from '@parley/redis/log';
import type { PendingStore, ShownTranslation } from '@parley/redis/pending';
import type { SegmentTarget } from '@parley/redis/segment';
import { erasedUnits, firstUnits, readingUnits } from '@parley/translation';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Counts grapheme clusters: a letter with its accents, or an emoji of several code points, is one. */
function characters(text: string): number {
  return Array.from(graphemes.segment(text)).length;
}

/** Whether a partial reply may replace the text shown: it continues that text or is longer, so that the caption never shrinks. */
export function isPastShown(shown: string, reply: string): boolean {
  if (reply.startsWith(shown)) return reply.length > shown.length;
  return characters(reply) > characters(shown);
}

const nothingShown: ShownCaption = { text: '', concludedLength: 0, tally: undefined };
const minIntervalMs = 150;
/** Minimum growth of a preview, relative to its length, so that the total size of all previews stays linear. */
const leastGrowth = 1 / 32;

export interface PreviewPublisherOptions {
  readonly pending: Pick<PendingStore, 'preview'>;
  readonly segmentTarget: SegmentTarget;
  /** The translation currently shown. */
  readonly shown: ShownTranslation;
  /** Whether what is shown is concluded, as with the stability `high`. */
  readonly isConcluded: boolean;
  readonly bodyFor: (caption: ShownCaption) => PartialResult;
}

/**
 * Publishes previews of a long translation: at most every 150 ms, one at a time, and only when they extend the text shown. The
 * concluded text stays. The first piece is skipped, since a reply that is not streamed needs no preview.
 */
export class PreviewPublisher {
  readonly #options: PreviewPublisherOptions;
  #shown: ShownTranslation;
  #hasBegun = false;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #checkedAtMs = -Infinity;
  #checkedLength = 0;

  constructor(options: PreviewPublisherOptions) {
    this.#options = options;
    this.#shown = options.shown;
  }

  /** @param text the reply so far; shorter than before if another call has started over */
  progress(text: string): void {
    if (this.#isStopped || text === '') return;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      return;
    }
    if (this.#running !== undefined || !this.#isDue(text.length)) return;
    const { text: shown, concludedLength } = this.#shown.caption ?? nothingShown;
    const preview = this.#options.isConcluded ? this.#completeUnits(text) : text;
    if (!isPastShown(shown, preview) || !preview.startsWith(shown.slice(0, concludedLength))) return;
    this.#running = this.#publish(preview).finally(() => (this.#running = undefined));
  }

  /** Returns what is shown when no more previews are published. */
  async stop(): Promise<ShownCaption | undefined> {
    this.#isStopped = true;
    await this.#running;
    return this.#shown.caption;
  }

  /** The last unit may be only the beginning of one. */
  #completeUnits(reply: string): string {
    const { target } = this.#options.segmentTarget;
    return firstUnits(reply, readingUnits(reply, target).length - 1, target);
  }

  #isDue(length: number): boolean {
    const nowMs = performance.now();
    if (length < this.#checkedLength) this.#checkedLength = 0;
    if (nowMs - this.#checkedAtMs < minIntervalMs || length < this.#checkedLength * (1 + leastGrowth)) return false;
    this.#checkedAtMs = nowMs;
    this.#checkedLength = length;
    return true;
  }

  async #publish(text: string): Promise<void> {
    const { pending, segmentTarget, isConcluded, bodyFor } = this.#options;
    const { text: shown, concludedLength, tally } = this.#shown.caption ?? nothingShown;
    const erased = erasedUnits(shown, text, segmentTarget.target);
    const caption = {
      text,
      concludedLength: isConcluded ? text.length : concludedLength,
      tally: tally && { ...tally, erased: tally.erased + erased },
    };
    try {
      const result = await pending.preview(segmentTarget, bodyFor(caption), this.#shown.revision);
      if (result.status === 'published') this.#shown = { revision: result.revision, caption };
      else if (result.status === 'overtaken') this.#shown = result.shown;
    } catch {
      // A failed preview is harmless: the translation itself follows.
    }
  }
}
