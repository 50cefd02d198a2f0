import type { ClientMessageInput, ServerMessage } from '@parley/protocol';
import { findLost } from './listener-completeness.ts';
import { ListenerHistory, type ListenerCheckerOptions } from './listener-history.ts';
import type { SpokenSession } from './spoken-session.ts';
import type { Violation } from './violation.ts';

/** Judges what one listener sent and received against what the host said. No I/O; the clock of the host's checker. */
export interface ListenerChecker {
  /** What is sent from here on goes over another connection. For the first one this need not be told. */
  connected(atMs: number): void;
  disconnected(atMs: number): void;
  sent(message: ClientMessageInput, atMs: number): void;
  received(message: ServerMessage, atMs: number): void;
  /**
   * To be called once, when nothing more will come to listener and host.
   *
   * @param spoken what the checker of the host has of the session
   */
  finish(spoken: SpokenSession): readonly Violation[];
}

/**
 * A final is due to a listener when it was settled while the listener was there: sent by the host after `session.joined`
 * had come, or after the offset that was asked for; and in the log up to the last offset that the listener saw, or to the
 * end. A language that the host doesn't take is due only for finals that were accepted on one and the same connection of
 * the listener. What lies at these edges may come or not.
 */
export function createListenerChecker(options: ListenerCheckerOptions = {}): ListenerChecker {
  const told: ((history: ListenerHistory) => void)[] = [];
  const gone = (atMs: number): void => void told.push((history) => history.disconnected(atMs));
  return {
    connected: gone,
    disconnected: gone,
    sent: (message) => {
      if (message.type === 'session.join') told.push((history) => history.joinSent(message));
    },
    received: (message, atMs) => {
      told.push((history) => history.received(message, atMs));
    },
    // Listeners may hear of a segment before the host's checker does: everything is judged when all of it is known.
    finish: (spoken) => {
      const history = new ListenerHistory(options, spoken);
      for (const tell of told) tell(history);
      return [...history.violations, ...findLost(history, spoken)];
    },
  };
}
