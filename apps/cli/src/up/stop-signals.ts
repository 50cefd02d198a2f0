/**
 * npm forwards signals to its script, which a Ctrl-C in the terminal reaches directly as well. Signals within this time of
 * the first are the same key press.
 */
const duplicateSignalMs = 1000;

export interface StopHandlers {
  /** Stop gracefully. */
  readonly first: (signal: NodeJS.Signals) => void;
  /** Stop at once. */
  readonly second: (signal: NodeJS.Signals) => void;
}

/** Handles SIGINT, SIGTERM and SIGHUP until disposed. */
export function onStopSignals({ first, second }: StopHandlers): Disposable {
  let firstAtMs: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    const nowMs = Date.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      first(signal);
    } else if (nowMs - firstAtMs > duplicateSignalMs) {
      second(signal);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, handle);
    },
  };
}
