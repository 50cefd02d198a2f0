/** Something that Parley needs is neither on this machine nor could be installed; the message says what to do. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
}
