import type { Program } from './program.ts';

/** Programs that Parley needs are neither on this machine nor could be installed; the message says what to do. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
  readonly programs: readonly Program[];

  constructor(message: string, programs: readonly Program[], options?: ErrorOptions) {
    super(message, options);
    this.programs = programs;
  }
}
