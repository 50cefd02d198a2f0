import { ConfigError } from '@parley/config';
import {
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  UnreadableFrameError,
} from '@parley/client';
import { CommanderError, type Command } from 'commander';
import { CommandFailure, exitCodes } from './exit-code.ts';
import { StopRequested } from './stop-signal.ts';

/** Errors whose message says all; of any other the stack is worth seeing. */
const plainErrors = [
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  UnreadableFrameError,
  CommandFailure,
  ConfigError,
];

/** Runs the program and says what went wrong on standard error; resolves with the exit code. */
export async function run(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv);
    return exitCodes.ok;
  } catch (error) {
    // Commander has said already what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
    if (error instanceof StopRequested) return error.exitCode;
    console.error(`parley: ${describe(error)}`);
    if (error instanceof ConfigError) return exitCodes.wrongUse;
    return error instanceof CommandFailure ? error.exitCode : exitCodes.failed;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isPlain = plainErrors.some((known) => error instanceof known) || isListenError(error);
  return isPlain ? error.message : (error.stack ?? error.message);
}

/** The address to listen on can't be had: the message, the operating system's or one made from it, names it. */
function isListenError({ syscall, cause }: NodeJS.ErrnoException): boolean {
  return syscall === 'listen' || syscall === 'getaddrinfo' || (cause instanceof Error && isListenError(cause));
}
