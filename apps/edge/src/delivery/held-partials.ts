/** What a newer partial replaces: the text of a segment itself, or its translation into one language. */
export type PartialKey =
  | { readonly kind: 'transcript'; readonly segmentId: number }
  | { readonly kind: 'translation'; readonly segmentId: number; readonly targetLanguage: string };

interface HeldPartial {
  readonly segmentId: number;
  readonly frame: string;
  readonly bytes: number;
}

/** The newest partial of each key that a slow client could not be sent yet. */
export class HeldPartials {
  readonly #partials = new Map<string, HeldPartial>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Holds a partial instead of the one that was held under its key; `true` where there was one. */
  put(key: PartialKey, frame: string): boolean {
    const replaced = this.drop(key);
    const bytes = Buffer.byteLength(frame);
    this.#partials.set(nameOf(key), { segmentId: key.segmentId, frame, bytes });
    this.#bytes += bytes;
    return replaced;
  }

  /** `true` where one was held. */
  drop(key: PartialKey): boolean {
    return this.#take(nameOf(key)) !== undefined;
  }

  /** Takes the frame of the lowest segment; within a segment, of what was held first. */
  takeFirst(): string | undefined {
    let first: [string, HeldPartial] | undefined;
    for (const entry of this.#partials) {
      if (first === undefined || entry[1].segmentId < first[1].segmentId) first = entry;
    }
    return first === undefined ? undefined : this.#take(first[0])?.frame;
  }

  clear(): void {
    this.#partials.clear();
    this.#bytes = 0;
  }

  #take(name: string): HeldPartial | undefined {
    const held = this.#partials.get(name);
    if (held === undefined) return undefined;
    this.#partials.delete(name);
    this.#bytes -= held.bytes;
    return held;
  }
}

function nameOf(key: PartialKey): string {
  return key.kind === 'transcript' ? `${key.segmentId}` : `${key.segmentId} ${key.targetLanguage}`;
}
