import type { Envelope } from '@parley/state';

/** What to do with a message of the channel, given the newest offset that was delivered. */
export type FeedDecision = 'deliver' | 'double' | 'gap';

/** The messages that carry results; the others are for the edges themselves. */
export type ResultEnvelope = Extract<Envelope, { kind: 'log' | 'partial' }>;

/**
 * Decides by the numbers of the log alone. Each entry names the one before it and each partial the head of the log, so
 * whatever got lost in between shows.
 */
export function decide(deliveredOffset: number, envelope: ResultEnvelope): FeedDecision {
  if (envelope.kind === 'partial') return envelope.head > deliveredOffset ? 'gap' : 'deliver';
  if (envelope.offset <= deliveredOffset) return 'double';
  return envelope.previous > deliveredOffset ? 'gap' : 'deliver';
}
