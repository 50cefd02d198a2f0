import type { PauseState } from '@parley/redis/session';

/** Whether a session is paused, as far as this edge knows. Redis numbers the changes, and older ones are ignored. */
export class Pause {
  #state: PauseState = { isPaused: false, number: -1 };

  get isPaused(): boolean {
    return this.#state.isPaused;
  }

  /** @returns whether the session is now paused and was not before, or the reverse */
  learn(state: PauseState): boolean {
    if (state.number <= this.#state.number) return false;
    const hasChanged = state.isPaused !== this.#state.isPaused;
    this.#state = state;
    return hasChanged;
  }

  /** Accepts any number next, because Redis may have lost the last changes. */
  forgetNumber(): void {
    this.#state = { ...this.#state, number: -1 };
  }
}
