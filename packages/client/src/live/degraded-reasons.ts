import type { DegradedReason, ServerMessage } from '@parley/protocol';

/** Why the session gets less than it could at the moment. A new connection begins with no reason, and is told those that hold. */
export class Degraded {
  readonly #reasons = new Set<DegradedReason>();

  get reasons(): readonly DegradedReason[] {
    return [...this.#reasons];
  }

  lost(): void {
    this.#reasons.clear();
  }

  received(message: ServerMessage): void {
    if (message.type === 'session.degraded') this.#reasons.add(message.reason);
    if (message.type === 'session.recovered') this.#reasons.delete(message.reason);
  }
}
