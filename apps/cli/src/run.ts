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

/** Errors that are shown without a stack. */
const expectedErrors = [
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  UnreadableFrameError,
  CommandFailure,
  ConfigError,
];

/** Runs the program and prints errors on standard error; resolves with the exit code. */
export async function run(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv);
    return exitCodes.ok;
  } catch (error) {
    // Commander has already printed its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
    if (error instanceof StopRequested) return error.exitCode;
    console.error(`parley: ${describe(error)}`);
    if (error instanceof ConfigError) return exitCodes.wrongUse;
    return error instanceof CommandFailure ? error.exitCode : exitCodes.failed;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isExpected = expectedErrors.some((known) => error instanceof known) || isListenError(error);
  return isExpected ? `${error.message}${remedyOf(error)}` : (error.stack ?? error.message);
}

/** The server can't know how this program takes a key. */
function remedyOf(error: Error): string {
  const needsKey = error instanceof ConnectionRefusedError && error.status === 401 && error.message.includes('API key');
  return needsKey ? '; give it with --key or PARLEY_API_KEY' : '';
}

/** Whether listening failed. The message already names the address. */
function isListenError({ syscall, cause }: NodeJS.ErrnoException): boolean {
  return syscall === 'listen' || syscall === 'getaddrinfo' || (cause instanceof Error && isListenError(cause));
}
