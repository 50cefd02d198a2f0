/**
 * npm passes a signal on to its script, which a Ctrl-C in the terminal has reached already: what follows the first this
 * soon is the same key press.
 */
const sameSignalMs = 1000;

export interface StopHandlers {
  /** Stop gracefully. */
  readonly first: (signal: NodeJS.Signals) => void;
  /** Stop at once. */
  readonly second: (signal: NodeJS.Signals) => void;
}

/** Listens to SIGINT, SIGTERM and SIGHUP until disposed of. */
export function onStopSignals({ first, second }: StopHandlers): Disposable {
  let firstAtMs: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    const nowMs = Date.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      first(signal);
    } else if (nowMs - firstAtMs > sameSignalMs) {
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
