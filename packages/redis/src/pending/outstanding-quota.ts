/** What each outstanding translation counts besides its text: its job, and its fields in Redis. */
const bytesPerTranslation = 1024;

/** How much a session may have outstanding when more is added. */
export interface OutstandingQuota {
  /** Bytes of the session. They are not checked while nothing of it is outstanding. */
  readonly maxBytes: number;
  /** How many of these are reserved for it from its tenant's quota; the script knows of earlier reservations. */
  readonly creditBytes: number;
}

/** Why nothing more is accepted now. */
export type QuotaRefusal =
  | {
      /** Too much of the session is outstanding. */
      readonly status: 'full';
      readonly outstandingBytes: number;
      /** 0 if there are too many finals. */
      readonly excessBytes: number;
    }
  | {
      /** It fits into the quota of the session, for which this much must be reserved from that of its tenant. */
      readonly status: 'credit';
      readonly neededBytes: number;
      readonly outstandingBytes: number;
    };

/**
 * How many bytes one outstanding translation counts: those of its text, which is buffered in each target, and of its job.
 *
 * @param work what a worker needs to translate the text, as it is stored
 */
export function outstandingCost(work: string): number {
  return bytesPerTranslation + Buffer.byteLength(work);
}

/** Parses the values after a script's status `full` or `credit`; `undefined` for another one. */
export function quotaRefusal(status: string | undefined, values: readonly string[]): QuotaRefusal | undefined {
  const [first, second] = values.map(Number);
  if (status === 'full') return { status, outstandingBytes: first ?? 0, excessBytes: second ?? 0 };
  if (status === 'credit') return { status, neededBytes: first ?? 0, outstandingBytes: second ?? 0 };
  return undefined;
}
