import type { SessionChannels } from '@parley/redis/channel';
import type { SessionFeedOptions } from '../delivery/session-feed.ts';
import { ServedSession } from './served-session.ts';

type ServedSessionsDependencies = SessionFeedOptions['deps'] & {
  readonly channels: SessionChannels;
  /** Renews the leases of a session, because its join code may have changed. */
  readonly onCodeNotice?: (session: ServedSession) => void;
};

interface Served {
  readonly session: ServedSession;
  readonly opened: Promise<void>;
  users: number;
}

/** The sessions with a socket on this edge, each with one channel subscription for all its sockets. */
export class ServedSessions {
  readonly #deps: ServedSessionsDependencies;
  readonly #served = new Map<string, Served>();

  constructor(deps: ServedSessionsDependencies) {
    this.#deps = deps;
  }

  /** Resolves when the subscription is active, so that no later message is missed. Every `enter` needs a `leave`. */
  async enter(sessionId: string): Promise<ServedSession> {
    let served = this.#served.get(sessionId);
    if (served === undefined) {
      const session = new ServedSession(sessionId, this.#deps, this.#deps.onCodeNotice);
      served = { session, users: 0, opened: this.#deps.channels.subscribe(sessionId, session) };
      this.#served.set(sessionId, served);
    }
    served.users++;
    try {
      await served.opened;
    } catch (error) {
      this.leave(served.session);
      throw error;
    }
    return served.session;
  }

  /** The last user ends the subscription, without waiting because Redis may be unavailable. */
  leave(session: ServedSession): void {
    const served = this.#served.get(session.sessionId);
    if (served?.session !== session) return;
    served.users--;
    if (served.users > 0) return;
    this.#served.delete(session.sessionId);
    session.feed.close();
    this.#deps.channels.unsubscribe(session.sessionId).catch((error: unknown) => {
      this.#deps.logger.warn(
        { err: error, sessionId: session.sessionId },
        'unsubscribing from a session channel failed',
      );
    });
  }

  all(): ServedSession[] {
    return [...this.#served.values()].map(({ session }) => session);
  }
}
