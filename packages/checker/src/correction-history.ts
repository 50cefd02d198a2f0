import type { SourceCorrected, TranslationCorrected } from '@parley/protocol';
import type { Violation } from './violation.ts';

export type CorrectionMessage = SourceCorrected | TranslationCorrected;

/** The key of the transcript itself, alongside target languages. */
export const transcriptKey = '';

interface DeliveredCorrection {
  readonly segmentId: number;
  /** The target, or `transcriptKey`. */
  readonly key: string;
  readonly text: string;
}

/** The corrections that one client received, by their offsets in the session's log. */
export class CorrectionHistory {
  readonly #delivered = new Map<number, DeliveredCorrection>();

  get offsets(): number[] {
    return [...this.#delivered.keys()];
  }

  add(message: CorrectionMessage): void {
    const { segmentId, offset, text } = message;
    this.#delivered.set(offset, { segmentId, key: keyOf(message), text });
  }

  /** Whether a correction of this segment and target was delivered. */
  has(segmentId: number, key: string): boolean {
    return [...this.#delivered.values()].some((other) => other.segmentId === segmentId && other.key === key);
  }

  /**
   * Finds corrections that another client of the session received and this one should have, and those that differ.
   *
   * @param other what the other client received
   * @param isDue whether this client should have the correction
   */
  compare(other: CorrectionHistory, isDue: (offset: number, key: string) => boolean): Violation[] {
    const violations: Violation[] = [];
    for (const [offset, { segmentId, key, text }] of other.#delivered) {
      const own = this.#delivered.get(offset);
      const where = { segmentId, offset, ...(key === transcriptKey ? {} : { targetLanguage: key }) };
      if (own === undefined && isDue(offset, key)) violations.push({ code: 'correction-lost', ...where });
      const isSame = own?.segmentId === segmentId && own.key === key && own.text === text;
      if (own !== undefined && !isSame) violations.push({ code: 'correction-differs', ...where });
    }
    return violations;
  }
}

function keyOf(message: CorrectionMessage): string {
  return message.type === 'translation.corrected' ? message.targetLanguage : transcriptKey;
}
