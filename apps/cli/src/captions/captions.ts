import type { ErrorCode, TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';

/** With more open segments than this, the oldest count as abandoned; the server closes them as well. */
const maxOpenSegments = 32;

/** One line of a caption: the concluded text, and the text that may still change. */
export interface CaptionLine {
  readonly language: string;
  readonly concluded: string;
  readonly tentative: string;
}

/** The caption of a segment that is not complete. */
export interface OpenCaption {
  readonly segmentId: number;
  readonly lines: readonly CaptionLine[];
}

/** What a screen draws. */
export interface ShownCaptions {
  /** Removes and returns the lines that will not change any more, in groups. */
  removeCompleted(): CaptionLine[][];
  openSegments(): OpenCaption[];
}

interface SegmentCaption {
  source: CaptionLine;
  isFinal: boolean;
  readonly targets: Map<string, CaptionLine>;
  readonly open: Set<string>;
}

/** The captions to show: segments in the order in which they started, each source above its translations. */
export class Captions implements ShownCaptions {
  readonly #sourceLanguage: string;
  readonly #targetLanguages: readonly string[];
  readonly #segments = new Map<number, SegmentCaption>();
  /** Ids of removed segments, whose later messages are ignored. */
  readonly #removed = new Set<number>();

  constructor(sourceLanguage: string, targetLanguages: readonly string[]) {
    this.#sourceLanguage = sourceLanguage;
    this.#targetLanguages = targetLanguages;
  }

  addTranscript(segmentId: number, text: string, isFinal: boolean): void {
    const language = this.#sourceLanguage;
    const source = { language, concluded: isFinal ? text : '', tentative: isFinal ? '' : text };
    const segment = this.#segments.get(segmentId);
    if (this.#removed.has(segmentId) || segment?.isFinal === true) return;
    if (segment !== undefined) Object.assign(segment, { source, isFinal });
    else this.#segments.set(segmentId, { source, isFinal, targets: new Map(), open: new Set(this.#targetLanguages) });
  }

  /** Marks the missing translations of a refused final as failed, unless it was the second final of its segment. */
  markRefused(segmentId: number, code: ErrorCode): void {
    const segment = this.#segments.get(segmentId);
    if (segment === undefined || code === 'segment-settled') return;
    for (const language of segment.open) segment.targets.set(language, { language, ...failureText(code) });
    segment.open.clear();
  }

  addTranslation(message: TranslationPartial | TranslationFinal | TranslationFailed): void {
    const segment = this.#segments.get(message.segmentId);
    if (segment === undefined) return;
    const language = message.targetLanguage;
    segment.targets.set(language, { language, ...captionOf(message) });
    if (message.type !== 'translation.partial') segment.open.delete(language);
  }

  /** Removes and returns the oldest segments that are complete or abandoned, up to the first that is neither. */
  removeCompleted(): CaptionLine[][] {
    const settled: CaptionLine[][] = [];
    for (const [segmentId, segment] of this.#segments) {
      if (segment.open.size > 0 && this.#segments.size <= maxOpenSegments) break;
      settled.push(this.#lines(segment));
      this.#segments.delete(segmentId);
      this.#removed.add(segmentId);
    }
    return settled;
  }

  openSegments(): OpenCaption[] {
    return Array.from(this.#segments, ([segmentId, segment]) => ({ segmentId, lines: this.#lines(segment) }));
  }

  #lines(segment: SegmentCaption): CaptionLine[] {
    const waiting = { concluded: '', tentative: '…' };
    const targets = this.#targetLanguages.map((language) => segment.targets.get(language) ?? { language, ...waiting });
    return [segment.source, ...targets];
  }
}

function captionOf(message: TranslationPartial | TranslationFinal | TranslationFailed): Omit<CaptionLine, 'language'> {
  if (message.type === 'translation.partial') return { concluded: message.concluded, tentative: message.tentative };
  if (message.type === 'translation.final') return { concluded: message.text, tentative: '' };
  return failureText(message.code);
}

/** The text in place of a failed translation. */
export function failureText(code: ErrorCode): Omit<CaptionLine, 'language'> {
  return { concluded: `(not translated: ${code})`, tentative: '' };
}
