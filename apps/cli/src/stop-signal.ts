import { exitCodes } from './exit-code.ts';

/**
 * A Ctrl-C reaches every process of a terminal's foreground group, and npm as well as `parley up` pass it on besides: what
 * comes within this time is the same one.
 */
const sameStopMs = 300;

const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

/** Somebody asked the process to stop. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';
  readonly exitCode: number;

  constructor(signal: keyof typeof exitCodeOf) {
    super(`stopped by ${signal}`);
    this.exitCode = exitCodeOf[signal];
  }
}

/**
 * Aborts at the first SIGINT or SIGTERM, with a `StopRequested` as its reason; a second one ends the process at once.
 * Called once, at the start of a command.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  const onSignal = (signal: keyof typeof exitCodeOf): void => {
    if (!controller.signal.aborted) {
      firstAtMs = performance.now();
      controller.abort(new StopRequested(signal));
    } else if (performance.now() - firstAtMs > sameStopMs) {
      process.exit(exitCodeOf[signal]);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
