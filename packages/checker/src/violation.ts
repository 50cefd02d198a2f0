/** The guarantees of the protocol that a history can violate, with descriptions. */
export const violationCodes = {
  'unknown-target': 'a translation into a language that was not asked for',
  'unknown-revision': 'a translation of a partial that was never sent',
  'revision-decreased': 'a revision below one that was shown before',
  'revision-repeated': 'the same revision shown twice',
  'concluded-changed': 'concluded text that does not extend what was concluded before, here or for another client',
  'partial-after-final': 'a partial after the final or the failure of its segment and language',
  'final-never-sent': 'a final translation of a segment that has no final',
  'final-duplicated': 'a second final or failure for one segment and language',
  'final-not-accepted': 'a final that was neither accepted nor refused',
  'final-lost': 'an accepted final without its translation or failure',
  'final-out-of-order': 'a final before one of an earlier accepted segment, in an ordered session',
  'unsolicited-acceptance': 'an acceptance that belongs to no final, or one too many',
  'offset-decreased': 'an offset below one that was seen before',
  'offset-repeated': 'the same offset twice',
  'entry-redelivered': 'an entry of the log at or below the offset that the client resumed from',
  'unsolicited-resume': 'an answer to a resume or a join that was not sent',
  'held-final-misreported': 'a resume that does not call each held final, and no other, either accepted or missing',
  'accepted-then-missing': 'an accepted final that is called missing, where nothing may be lost',
  'unsolicited-transcript': 'a transcript for somebody who did not ask for the source language',
  'wrong-text': 'a translation that is not one of its own text',
  'correction-before-final': 'a correction before the final or the failure of its segment and language',
  'correction-lost': 'a correction that the host received and this listener did not',
  'correction-differs': 'another correction at an offset than the one that the host received',
  'message-after-end': 'a message after the end of the session',
} as const satisfies Record<string, string>;

export type ViolationCode = keyof typeof violationCodes;

/** Where a guarantee was violated. Contains no transcript text. */
export interface Violation {
  readonly code: ViolationCode;
  readonly segmentId?: number;
  readonly targetLanguage?: string;
  readonly revision?: number;
  readonly offset?: number;
}

/** A one-line description of a violation. */
export function describeViolation({ code, segmentId, targetLanguage, revision, offset }: Violation): string {
  const places = Object.entries({ segment: segmentId, target: targetLanguage, revision, offset })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${String(value)}`);
  return `${code}: ${violationCodes[code]}${places.length === 0 ? '' : ` (${places.join(', ')})`}`;
}
