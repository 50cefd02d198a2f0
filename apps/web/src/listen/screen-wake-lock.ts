/// <reference lib="dom" />

/** Keeps the screen on where the browser can. The browser releases the lock of a hidden page, so it is requested again. */
export class ScreenWakeLock {
  #isWanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor() {
    document.addEventListener('visibilitychange', () => void this.#update());
  }

  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    void this.#update();
  }

  async #update(): Promise<void> {
    const hasLock = this.#lock?.released === false;
    try {
      if (!this.#isWanted) await this.#lock?.release();
      else if (!hasLock && 'wakeLock' in navigator && document.visibilityState === 'visible') {
        this.#lock = await navigator.wakeLock.request('screen');
        // It may not be wanted any more.
        if (!(this.#isWanted as boolean)) await this.#lock.release();
      }
    } catch {
      // For example because the battery is low.
    }
  }
}
