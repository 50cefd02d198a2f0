import type { Program } from './program.ts';

/** Programs that Parley needs are missing and could not be installed. The message explains what to do. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
  readonly programs: readonly Program[];

  constructor(message: string, programs: readonly Program[], options?: ErrorOptions) {
    super(message, options);
    this.programs = programs;
  }
}
