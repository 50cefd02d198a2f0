import type { SessionStarted } from '@parley/protocol';
import type { FinalTranscript, StartOptions, UpdateOptions } from '../session.ts';

/** A final that the server may not have, or whose results have not all arrived. */
export interface SavedFinal {
  readonly transcript: FinalTranscript;
  /** The target languages without a result yet. */
  readonly targetLanguages: readonly string[];
  readonly isAccepted: boolean;
}

/**
 * The state with which `resumeLiveSession` continues a session elsewhere, for example after a page was reloaded. Plain
 * JSON. Keep it secret: whoever has its resume token can take the session over.
 */
export interface SavedSession {
  /** The `session.started` of the session, with its newest resume token. */
  readonly started: SessionStarted;
  /** Up to here the messages of the session's log have been delivered. */
  readonly offset: number;
  readonly start: StartOptions;
  /** What `update` has changed since the start. */
  readonly update?: UpdateOptions;
  /** The pause, or its end, that was requested last. */
  readonly isPaused?: boolean;
  readonly finals: readonly SavedFinal[];
}
