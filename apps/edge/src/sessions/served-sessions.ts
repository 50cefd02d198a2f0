import type { SessionChannels } from '@parley/redis/channel';
import type { SessionFeedOptions } from '../delivery/session-feed.ts';
import { ServedSession } from './served-session.ts';

type ServedSessionsDependencies = SessionFeedOptions['deps'] & { readonly channels: SessionChannels };

interface Served {
  readonly session: ServedSession;
  readonly opened: Promise<void>;
  users: number;
}

/** The sessions that this edge has a socket for, each with one subscription however many sockets there are. */
export class ServedSessions {
  readonly #deps: ServedSessionsDependencies;
  readonly #served = new Map<string, Served>();

  constructor(deps: ServedSessionsDependencies) {
    this.#deps = deps;
  }

  /** Resolves once the subscription stands: whatever is published from then on is heard. Each `enter` needs its `leave`. */
  async enter(sessionId: string): Promise<ServedSession> {
    let served = this.#served.get(sessionId);
    if (served === undefined) {
      const session = new ServedSession(sessionId, this.#deps);
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

  /** The last one out ends the subscription; nobody waits for that, since Redis may be away. */
  leave(session: ServedSession): void {
    const served = this.#served.get(session.sessionId);
    if (served?.session !== session) return;
    served.users--;
    if (served.users > 0) return;
    this.#served.delete(session.sessionId);
    session.feed.close();
    this.#deps.channels.unsubscribe(session.sessionId).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, sessionId: session.sessionId }, 'a subscription could not be ended');
    });
  }

  all(): ServedSession[] {
    return [...this.#served.values()].map(({ session }) => session);
  }
}
