import { isBlank, type ServerMessage } from '@parley/protocol';
import { failureText, type CaptionLine, type OpenCaption, type ShownCaptions } from './captions.ts';

/** With more open segments than this, the oldest count as abandoned; the server closes them as well. */
const maxOpenSegments = 32;

/** The captions that a listener gets. Each language of a segment is complete by itself, as soon as its final arrives. */
export class HeardCaptions implements ShownCaptions {
  readonly #open = new Map<number, Map<string, CaptionLine>>();
  #completed: CaptionLine[][] = [];

  /** Ignores messages that are not captions. */
  add(message: ServerMessage): void {
    switch (message.type) {
      case 'transcript.partial':
        this.#show(message.segmentId, { language: message.language, concluded: '', tentative: message.text });
        break;
      case 'translation.partial': {
        const { concluded, tentative } = message;
        this.#show(message.segmentId, { language: message.targetLanguage, concluded, tentative });
        break;
      }
      case 'transcript.final':
        this.#complete(message.segmentId, { language: message.language, concluded: message.text, tentative: '' });
        break;
      case 'translation.final':
        this.#complete(message.segmentId, { language: message.targetLanguage, concluded: message.text, tentative: '' });
        break;
      case 'translation.failed':
        this.#complete(message.segmentId, { language: message.targetLanguage, ...failureText(message.code) });
    }
  }

  removeCompleted(): CaptionLine[][] {
    const completed = this.#completed;
    this.#completed = [];
    return completed;
  }

  openSegments(): OpenCaption[] {
    return Array.from(this.#open, ([segmentId, lines]) => ({ segmentId, lines: [...lines.values()] }));
  }

  #show(segmentId: number, line: CaptionLine): void {
    if (isBlank(line.concluded + line.tentative)) {
      this.#close(segmentId, line.language);
      return;
    }
    const lines = this.#open.get(segmentId) ?? new Map<string, CaptionLine>();
    this.#open.set(segmentId, lines.set(line.language, line));
    if (this.#open.size <= maxOpenSegments) return;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
  }

  #complete(segmentId: number, line: CaptionLine): void {
    this.#close(segmentId, line.language);
    if (!isBlank(line.concluded)) this.#completed.push([line]);
  }

  #close(segmentId: number, language: string): void {
    const lines = this.#open.get(segmentId);
    lines?.delete(language);
    if (lines?.size === 0) this.#open.delete(segmentId);
  }
}
