import { engineCertificates, loadConfig } from '@parley/config';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { ChildError, killAllChildren } from '../machine/child.ts';
import type { Machine } from '../machine/machine.ts';
import { MissingProgramError } from '../machine/missing-program-error.ts';
import { PortTakenError } from './edge-port.ts';
import { ExternalRedisError } from './external-redis.ts';
import type { LanAccess } from './lan-access.ts';
import { renderScreen } from './screen.ts';
import { Stack } from './stack.ts';
import { onStopSignals } from './stop-signals.ts';

export interface UpOptions {
  readonly machine: Machine;
  readonly stateFolder: string;
  /** The script that runs one process: `parley`. */
  readonly program: string;
  /** Prints the logs of all processes in the terminal instead of writing them to files. */
  readonly showLogs: boolean;
  /** Lets other devices in the local network connect. */
  readonly lan?: LanAccess | undefined;
  /** Whether `print` writes to a terminal, where a QR code is readable. */
  readonly isTerminal: boolean;
  readonly print: (text: string) => void;
}

/** How long to wait for killed processes to exit. */
const killGraceMs = 1000;

/**
 * Runs all of Parley on this machine until a signal arrives or a process exits too often. The first signal stops everything
 * in order, and the promise resolves; a second one kills everything.
 *
 * @throws ConfigError, or CommandFailure whose message explains what to do
 */
export async function runUp({
  machine,
  stateFolder,
  program,
  showLogs,
  lan,
  isTerminal,
  print,
}: UpOptions): Promise<void> {
  const stopping = new AbortController();
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }));
  let failure: CommandFailure | undefined;
  using resources = new DisposableStack();
  resources.use(
    onStopSignals({
      first: () => {
        machine.say('Stopping; press Ctrl-C again to kill everything at once.');
        stopping.abort();
      },
      second: (signal) => {
        const code = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
        failure = new CommandFailure('killed everything at once', code);
        killAllChildren();
        // A running package installation must not be killed, but is not awaited either.
        setTimeout(() => process.exit(code), killGraceMs).unref();
      },
    }),
  );
  const onRestartLimit = (error: Error): void => {
    failure ??= new CommandFailure(error.message, undefined, { cause: error });
    stopping.abort();
  };
  const onLogLine = showLogs ? (name: string, line: string): void => machine.say(`${name}: ${line}`) : undefined;
  const config = loadConfig(machine.environment);
  engineCertificates(config);
  try {
    const options = { config, machine, stateFolder, program, lan, onLogLine, signal: stopping.signal, onRestartLimit };
    await using stack = await Stack.start(options);
    if (!stopping.signal.aborted) print(renderScreen(stack.running, isTerminal));
    await stopped;
  } catch (error) {
    if (!stopping.signal.aborted) failure = toCommandFailure(error);
  }
  if (failure !== undefined) throw failure;
}

/** Converts errors whose message explains what to do; rethrows any other error, which is a bug and needs its stack. */
function toCommandFailure(error: unknown): CommandFailure {
  const isExpected = [MissingProgramError, ChildError, PortTakenError, ExternalRedisError].some(
    (kind) => error instanceof kind,
  );
  if (isExpected && error instanceof Error) return new CommandFailure(error.message, undefined, { cause: error });
  throw error;
}
