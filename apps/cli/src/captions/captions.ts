import type { ErrorCode, TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';

/** Beyond so many, the oldest segments are taken for abandoned: a server keeps no more of them open either. */
const maxOpen = 32;

/** One line of a caption: what stands, and what may still change. */
export interface CaptionLine {
  readonly language: string;
  readonly settled: string;
  readonly tentative: string;
}

interface SegmentCaption {
  source: CaptionLine;
  isFinal: boolean;
  readonly targets: Map<string, CaptionLine>;
  readonly open: Set<string>;
}

/** What is to be read at a moment: segments in the order in which they were begun, the source above its translations. */
export class Captions {
  readonly #sourceLanguage: string;
  readonly #targetLanguages: readonly string[];
  readonly #segments = new Map<number, SegmentCaption>();
  /** Segments that were taken out: whatever is still said of them changes nothing. */
  readonly #over = new Set<number>();

  constructor(sourceLanguage: string, targetLanguages: readonly string[]) {
    this.#sourceLanguage = sourceLanguage;
    this.#targetLanguages = targetLanguages;
  }

  spoken(segmentId: number, text: string, isFinal: boolean): void {
    const language = this.#sourceLanguage;
    const source = { language, settled: isFinal ? text : '', tentative: isFinal ? '' : text };
    const segment = this.#segments.get(segmentId);
    if (this.#over.has(segmentId) || segment?.isFinal === true) return;
    if (segment !== undefined) Object.assign(segment, { source, isFinal });
    else this.#segments.set(segmentId, { source, isFinal, targets: new Map(), open: new Set(this.#targetLanguages) });
  }

  /** A final was refused: nothing comes for it, unless it was the second one of its segment. */
  refused(segmentId: number, code: ErrorCode): void {
    const segment = this.#segments.get(segmentId);
    if (segment === undefined || code === 'segment-settled') return;
    for (const language of segment.open) segment.targets.set(language, { language, ...notTranslated(code) });
    segment.open.clear();
  }

  translated(message: TranslationPartial | TranslationFinal | TranslationFailed): void {
    const segment = this.#segments.get(message.segmentId);
    if (segment === undefined) return;
    const language = message.targetLanguage;
    segment.targets.set(language, { language, ...captionOf(message) });
    if (message.type !== 'translation.partial') segment.open.delete(language);
  }

  /**
   * Takes out the oldest segments as far as all their translations are there, or have been awaited for too long: nothing of
   * them will change any more.
   */
  takeSettled(): CaptionLine[][] {
    const settled: CaptionLine[][] = [];
    for (const [segmentId, segment] of this.#segments) {
      if (segment.open.size > 0 && this.#segments.size <= maxOpen) break;
      settled.push(this.#lines(segment));
      this.#segments.delete(segmentId);
      this.#over.add(segmentId);
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
  return notTranslated(message.code);
}

function notTranslated(code: ErrorCode): Omit<CaptionLine, 'language'> {
  return { settled: `(not translated: ${code})`, tentative: '' };
}
