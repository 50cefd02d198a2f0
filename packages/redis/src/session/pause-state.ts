/** Whether a session is paused, and the number of the change that made it so. */
export interface PauseState {
  readonly isPaused: boolean;
  /** Increases with every change; 0 if there was none. */
  readonly number: number;
}

/** Parses the values that scripts return: '1' if the session is paused, and the number of the change. */
export function parsePauseState(paused: string | undefined, number: string | undefined): PauseState {
  return { isPaused: paused === '1', number: Number(number) };
}
