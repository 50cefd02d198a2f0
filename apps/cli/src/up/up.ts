import { engineCertificates, loadConfig } from '@parley/config';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { ChildError, killEveryChild } from '../machine/child.ts';
import type { Machine } from '../machine/machine.ts';
import { MissingProgramError } from '../machine/missing-program-error.ts';
import { PortTakenError } from './edge-port.ts';
import { GivenRedisError } from './given-redis.ts';
import { renderScreen } from './screen.ts';
import { Stack } from './stack.ts';
import { onStopSignals } from './stop-signals.ts';

export interface UpOptions {
  readonly machine: Machine;
  readonly stateFolder: string;
  /** The program that runs one process: `parley`. */
  readonly program: string;
  /** Shows the children's logs in the terminal, instead of writing them to files. */
  readonly showLogs: boolean;
  /** Gets the screen. */
  readonly print: (text: string) => void;
}

/** How long the ends of killed processes are waited for. */
const killedMs = 1000;

/**
 * Runs all of Parley on this machine until a signal comes or something ends too often. The first signal stops everything
 * in order, and the promise resolves; a second one kills it.
 *
 * @throws ConfigError, or CommandFailure whose message says what to do
 */
export async function runUp({ machine, stateFolder, program, showLogs, print }: UpOptions): Promise<void> {
  const stopping = new AbortController();
  const isOver = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }));
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
        killEveryChild();
        // An installation that is under way is not ours to kill, but nothing waits for it any longer.
        setTimeout(() => process.exit(code), killedMs).unref();
      },
    }),
  );
  const onGivenUp = (error: Error): void => {
    failure ??= new CommandFailure(error.message, undefined, { cause: error });
    stopping.abort();
  };
  const onLogLine = showLogs ? (name: string, line: string): void => machine.say(`${name}: ${line}`) : undefined;
  const config = loadConfig(machine.environment);
  engineCertificates(config);
  try {
    const options = { config, machine, stateFolder, program, onLogLine, signal: stopping.signal, onGivenUp };
    await using stack = await Stack.start(options);
    if (!stopping.signal.aborted) print(renderScreen(stack.running));
    await isOver;
  } catch (error) {
    if (!stopping.signal.aborted) failure = forThePerson(error);
  }
  if (failure !== undefined) throw failure;
}

/** Errors whose message says what to do become a plain failure; any other is a defect and keeps its stack. */
function forThePerson(error: unknown): CommandFailure {
  const isPlain = [MissingProgramError, ChildError, PortTakenError, GivenRedisError].some(
    (kind) => error instanceof kind,
  );
  if (isPlain && error instanceof Error) return new CommandFailure(error.message, undefined, { cause: error });
  throw error;
}
