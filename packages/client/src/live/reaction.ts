import type { ErrorMessage } from '@parley/protocol';
import type { SentMessage } from '../connection.ts';

/** What to do after a server message. */
export interface Reaction {
  /** Whether to deliver the message to the user. */
  readonly deliver: boolean;
  /** Messages to send now, in this order. */
  readonly send: readonly SentMessage[];
  /** Segment IDs of finals that the server has accepted. */
  readonly accepted: readonly number[];
  /** The final that the server refused permanently. */
  readonly refused?: { readonly segmentId: number; readonly error: ErrorMessage };
  /** The correction that the server refused. */
  readonly refusedCorrection?: { readonly correctionId: string; readonly error: ErrorMessage };
  /**
   * A final, a pause or the end was refused temporarily: call `resumeSending()` after a delay; nothing is sent until
   * then.
   */
  readonly retry: boolean;
  /** How long that delay is in milliseconds, if the server says so. */
  readonly retryAfterMs?: number | undefined;
  /** The server no longer knows the session: open a new one on the same socket for the pending finals. */
  readonly reopen: boolean;
}
