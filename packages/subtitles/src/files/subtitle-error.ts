/** A subtitle file can't be read. */
export class SubtitleError extends Error {
  override readonly name = 'SubtitleError';
  /** The line of the file, from 1; `undefined` if the problem concerns the whole file. */
  readonly line: number | undefined;

  constructor(problem: string, line?: number) {
    super(line === undefined ? problem : `line ${line}: ${problem}`);
    this.line = line;
  }
}
