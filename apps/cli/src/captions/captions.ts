import type { TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';

/** One line of a caption: what stands, and what may still change. */
export interface CaptionLine {
  readonly language: string;
  readonly settled: string;
  readonly tentative: string;
}

interface SegmentCaption {
  source: CaptionLine;
  readonly targets: Map<string, CaptionLine>;
  readonly open: Set<string>;
}

/** What is to be read at a moment: segments in the order in which they were begun, the source above its translations. */
export class Captions {
  readonly #sourceLanguage: string;
  readonly #targetLanguages: readonly string[];
  readonly #segments = new Map<number, SegmentCaption>();

  constructor(sourceLanguage: string, targetLanguages: readonly string[]) {
    this.#sourceLanguage = sourceLanguage;
    this.#targetLanguages = targetLanguages;
  }

  spoken(segmentId: number, text: string, isFinal: boolean): void {
    const language = this.#sourceLanguage;
    const source = { language, settled: isFinal ? text : '', tentative: isFinal ? '' : text };
    const segment = this.#segments.get(segmentId);
    if (segment !== undefined) segment.source = source;
    else this.#segments.set(segmentId, { source, targets: new Map(), open: new Set(this.#targetLanguages) });
  }

  translated(message: TranslationPartial | TranslationFinal | TranslationFailed): void {
    const segment = this.#segments.get(message.segmentId);
    if (segment === undefined) return;
    const language = message.targetLanguage;
    segment.targets.set(language, { language, ...captionOf(message) });
    if (message.type !== 'translation.partial') segment.open.delete(language);
  }

  /** Takes out the oldest segments as far as all their translations are there: nothing of them will change any more. */
  takeSettled(): CaptionLine[][] {
    const settled: CaptionLine[][] = [];
    for (const [segmentId, segment] of this.#segments) {
      if (segment.open.size > 0) break;
      settled.push(this.#lines(segment));
      this.#segments.delete(segmentId);
    }
    return settled;
  }

  /** The segments that are still open. */
  open(): CaptionLine[][] {
    return [...this.#segments.values()].map((segment) => this.#lines(segment));
  }

  #lines(segment: SegmentCaption): CaptionLine[] {
    const waiting = { settled: '', tentative: '…' };
    const targets = this.#targetLanguages.map((language) => segment.targets.get(language) ?? { language, ...waiting });
    return [segment.source, ...targets];
  }
}

function captionOf(message: TranslationPartial | TranslationFinal | TranslationFailed): Omit<CaptionLine, 'language'> {
  if (message.type === 'translation.partial') return { settled: message.concluded, tentative: message.tentative };
  if (message.type === 'translation.final') return { settled: message.text, tentative: '' };
  return { settled: `(not translated: ${message.code})`, tentative: '' };
}
