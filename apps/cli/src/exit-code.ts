/** What the exit codes of `parley` say. A second SIGINT or SIGTERM ends it with 128 + the number of the signal. */
export const exitCodes = { ok: 0, failed: 1, wrongUse: 2, interrupted: 130, terminated: 143 } as const;

/** A command did not do what it was asked to; the message is all that the user needs. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
