/** The concluded text of one segment and target, and the language in which the segment was spoken. */
interface ConcludedText {
  readonly text: string;
  readonly language: string | undefined;
}

/** A segment and a target whose concluded text changed. */
export interface ConcludedPlace {
  readonly segmentId: number;
  readonly targetLanguage: string;
}

/**
 * What one client was sent as concluded, for each segment and target. If the server lost a segment's state, or its language
 * changed, the text starts over, and the segment is not compared with what other clients were sent.
 */
export class ConcludedTexts {
  readonly #texts = new Map<string, ConcludedPlace & ConcludedText>();
  readonly #restarted = new Set<number>();

  /** Adds the concluded text of the newest revision; returns whether it extends the previous one. */
  add({ segmentId, targetLanguage }: ConcludedPlace, { text, language }: ConcludedText): boolean {
    const key = `${segmentId} ${targetLanguage}`;
    const before = this.#texts.get(key);
    this.#texts.set(key, { segmentId, targetLanguage, text, language });
    if (before === undefined) return true;
    if (before.language === language) return text.startsWith(before.text);
    this.#restarted.add(segmentId);
    return true;
  }

  /** Excludes a segment whose state the server has lost. */
  exclude(segmentId: number): void {
    this.#restarted.add(segmentId);
  }

  /** Lets the texts of all segments start over, because the server may have lost their state. */
  restartAll(): void {
    for (const { segmentId } of this.#texts.values()) this.#restarted.add(segmentId);
    this.#texts.clear();
  }

  /**
   * Compares with the texts of another client, which may have been sent fewer revisions, and takes over the longer ones.
   *
   * @returns the places where neither text is the beginning of the other
   */
  compare(other: ConcludedTexts): ConcludedPlace[] {
    for (const segmentId of other.#restarted) this.#restarted.add(segmentId);
    const differing: ConcludedPlace[] = [];
    for (const [key, theirs] of other.#texts) {
      const own = this.#texts.get(key);
      const { segmentId, targetLanguage } = theirs;
      if (this.#restarted.has(segmentId)) continue;
      if (own !== undefined && own.language !== theirs.language) continue;
      if (own === undefined || theirs.text.startsWith(own.text)) this.#texts.set(key, theirs);
      else if (!own.text.startsWith(theirs.text)) differing.push({ segmentId, targetLanguage });
    }
    return differing;
  }
}
