import type { DegradedReason, ServerMessage } from '@parley/protocol';

/**
 * Why the session's service is currently reduced. On a new connection the server reports the reasons that still
 * apply.
 */
export class DegradedReasons {
  readonly #reasons = new Set<DegradedReason>();

  get reasons(): readonly DegradedReason[] {
    return [...this.#reasons];
  }

  clear(): void {
    this.#reasons.clear();
  }

  update(message: ServerMessage): void {
    if (message.type === 'session.degraded') this.#reasons.add(message.reason);
    if (message.type === 'session.recovered') this.#reasons.delete(message.reason);
  }
}
