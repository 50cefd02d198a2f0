/** A text that was sent or shown, in the source language. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
}
