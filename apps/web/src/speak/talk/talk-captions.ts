import { CaptionStore, type ServerMessage } from '@parley/client';
import type { Transcript } from './segments.ts';

export const maxRows = 200;
/** Enough for all rows in a few languages. */
const maxKept = 600;

const keptTypes: ReadonlySet<string> = new Set([
  'transcript.final',
  'transcript.corrected',
  'translation.final',
  'translation.failed',
  'translation.corrected',
]);

/** The captions of a talk: what was said, which the page knows itself, and its translations. */
export class TalkCaptions {
  readonly store = new CaptionStore({ maxLines: maxRows });
  #kept: ServerMessage[] = [];

  /** @param kept the messages of an earlier page */
  constructor(kept: readonly ServerMessage[] = []) {
    for (const message of kept) this.add(message);
  }

  /** The newest messages that don't change any more, with which another page shows the same captions. */
  get kept(): readonly ServerMessage[] {
    return this.#kept.slice(-maxKept);
  }

  readonly add = (message: ServerMessage): void => {
    if (keptTypes.has(message.type)) this.#keep(message);
    this.store.add(message);
  };

  addPartial({ segmentId, text, revision }: Transcript & { readonly revision: number }, language: string): void {
    this.add({ type: 'transcript.partial', segmentId, revision, text, language });
  }

  addFinal({ segmentId, text }: Transcript, language: string): void {
    this.add({ type: 'transcript.final', segmentId, text, language, offset: 0 });
  }

  /** Drops old ones many at a time, because dropping moves all others. */
  #keep(message: ServerMessage): void {
    this.#kept.push(message);
    if (this.#kept.length >= 2 * maxKept) this.#kept = this.#kept.slice(-maxKept);
  }
}
