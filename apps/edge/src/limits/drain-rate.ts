/** Estimates how fast the outstanding work of a session is done. Times are milliseconds of the caller's clock. No I/O. */
export class DrainRate {
  #seen: { readonly outstandingBytes: number; readonly atMs: number } | undefined;
  #addedBytes = 0;
  #bytesPerMs: number | undefined;

  /** The rate between the last two observations; `undefined` if it is not known. */
  get bytesPerMs(): number | undefined {
    return this.#bytesPerMs;
  }

  /** Records outstanding work that was added since the last observation. */
  added(bytes: number): void {
    this.#addedBytes += bytes;
  }

  /** Records how much is outstanding. */
  observe(outstandingBytes: number, nowMs: number): void {
    const seen = this.#seen;
    if (seen !== undefined && nowMs > seen.atMs) {
      const drained = seen.outstandingBytes + this.#addedBytes - outstandingBytes;
      this.#bytesPerMs = Math.max(0, drained) / (nowMs - seen.atMs);
    }
    this.#seen = { outstandingBytes, atMs: nowMs };
    this.#addedBytes = 0;
  }
}
