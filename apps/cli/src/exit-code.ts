/** Exit codes of `parley`. A second SIGINT or SIGTERM exits with 128 + the signal number. */
export const exitCodes = { ok: 0, failed: 1, wrongUse: 2, interrupted: 130, terminated: 143 } as const;

/** An expected failure of a command: only its message is shown, without a stack. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
