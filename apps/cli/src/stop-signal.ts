import { exitCodes } from './exit-code.ts';

/**
 * A Ctrl-C reaches every process of a terminal's foreground group, and npm and `parley up` forward it as well. Signals
 * within this time count as one.
 */
const duplicateSignalMs = 300;

const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

/** The process received SIGINT or SIGTERM. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';
  readonly exitCode: number;

  constructor(signal: keyof typeof exitCodeOf) {
    super(`stopped by ${signal}`);
    this.exitCode = exitCodeOf[signal];
  }
}

/**
 * Returns a signal that aborts on the first SIGINT or SIGTERM, with a `StopRequested` as its reason. A second one exits the
 * process at once. Call it once, at the start of a command.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  const onSignal = (signal: keyof typeof exitCodeOf): void => {
    if (!controller.signal.aborted) {
      firstAtMs = performance.now();
      controller.abort(new StopRequested(signal));
    } else if (performance.now() - firstAtMs > duplicateSignalMs) {
      process.exit(exitCodeOf[signal]);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
