import type { ClientMessageInput, ServerMessage } from '@parley/protocol';
import { findLostFinals } from './lost-finals.ts';
import { ListenerHistory, type ListenerCheckerOptions } from './listener-history.ts';
import type { HostSession } from './host-session.ts';
import type { Violation } from './violation.ts';

/** Checks the messages of one listener against what the host sent. No I/O; uses the clock of the host's checker. */
export interface ListenerChecker {
  /** Call when a new connection is opened; optional for the first one. */
  connected(atMs: number): void;
  disconnected(atMs: number): void;
  sent(message: ClientMessageInput, atMs: number): void;
  received(message: ServerMessage, atMs: number): void;
  /**
   * Call once, when neither listener nor host will receive more messages.
   *
   * @param host the session according to the host's checker
   */
  finish(host: HostSession): readonly Violation[];
}

/**
 * Creates a checker for one listener. A final is due to it if the final was accepted while the listener was
 * connected: sent by the host after the listener received `session.joined` (or after the requested offset), and
 * logged up to the last offset that the listener received, or up to the session's end. A language that the host does
 * not use is due only for finals that were sent and accepted during a single connection of the listener. At these
 * boundaries a result may or may not arrive. What was concluded is compared with what the host received, and with what the
 * listeners received that were finished before with the same host.
 */
export function createListenerChecker(options: ListenerCheckerOptions = {}): ListenerChecker {
  const recordedEvents: ((history: ListenerHistory) => void)[] = [];
  const recordDisconnect = (atMs: number): void => void recordedEvents.push((history) => history.disconnected(atMs));
  return {
    connected: recordDisconnect,
    disconnected: recordDisconnect,
    sent: (message) => {
      if (message.type === 'session.join') recordedEvents.push((history) => history.joinSent(message));
    },
    received: (message, atMs) => {
      recordedEvents.push((history) => history.received(message, atMs));
    },
    // A listener may receive a segment before the host's checker does, so checking is deferred until everything
    // is known.
    finish: (host) => {
      const history = new ListenerHistory(options, host);
      for (const replay of recordedEvents) replay(history);
      const differing = host.concluded.compare(history.concluded);
      const changed = differing.map((place): Violation => ({ code: 'concluded-changed', ...place }));
      const corrected = history.comparedCorrections();
      return [...history.violations, ...changed, ...corrected, ...findLostFinals(history, host)];
    },
  };
}
