/** An accepted final that waits for one of its targets; its job is named by its number. */
export interface OutstandingFinal {
  readonly segmentId: number;
  readonly target: string;
  readonly job: string;
  readonly priority: number;
}

/** Reads what scripts say of outstanding finals: four words each. */
export function outstandingFinals(words: readonly string[]): OutstandingFinal[] {
  return Array.from({ length: Math.floor(words.length / 4) }, (_, index) => {
    const [segment, target = '', job = '', priority] = words.slice(index * 4, index * 4 + 4);
    return { segmentId: Number(segment), target, job, priority: Number(priority) };
  });
}
