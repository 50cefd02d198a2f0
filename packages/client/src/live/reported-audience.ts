import type { ServerMessage, SessionListeners } from '@parley/protocol';

/** Who listens to a speaker's session, on all edges. A listener of several languages counts once for each of them. */
export type Audience = Omit<SessionListeners, 'type'>;

const nobody: Audience = { listeners: 0, languages: [] };

/** The audience as last reported. */
export class ReportedAudience {
  #audience = nobody;

  get audience(): Audience {
    return this.#audience;
  }

  /** @returns the report that a new session, which has no listeners yet, begins with; `undefined` if it changes nothing */
  received(message: ServerMessage): SessionListeners | undefined {
    if (message.type === 'session.listeners') {
      const { listeners, languages } = message;
      this.#audience = { listeners, languages };
    }
    if (message.type !== 'session.started' || this.#audience === nobody) return undefined;
    this.#audience = nobody;
    return { type: 'session.listeners', ...nobody };
  }
}
