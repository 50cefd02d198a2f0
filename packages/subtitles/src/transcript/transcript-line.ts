/** One final of a transcript, or its translation. */
export interface TranscriptLine {
  readonly text: string;
  /** When it was said, in milliseconds from the start of the recording, if the recognizer tells. */
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  /** When the final arrived, in milliseconds of any clock. */
  readonly receivedAtMs: number;
}

/** When something was said, in milliseconds from the start of the recording. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}
