/** A text that somebody said or was shown, in the speaker's own language. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
}
