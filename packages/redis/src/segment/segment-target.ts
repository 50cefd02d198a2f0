/** One segment of a session in one target language. */
export interface SegmentTarget {
  readonly sessionId: string;
  readonly segmentId: number;
  readonly target: string;
}
