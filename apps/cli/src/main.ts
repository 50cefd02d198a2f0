import { createProgram } from './program.ts';
import { run } from './run.ts';

/** The exit code that a shell reports for a program terminated by SIGPIPE. */
const brokenPipeExitCode = 128 + 13;

exitOnClosedOutput();
process.exitCode = await run(await createProgram(process.argv[2]), process.argv);

/** Exit even if a command left a handle open. */
const exitTimeoutMs = 1000;
setTimeout(() => process.exit(), exitTimeoutMs).unref();

/** Exits silently when the reader of standard output or standard error closes it, as in `parley ... | head -1`. */
function exitOnClosedOutput(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(brokenPipeExitCode);
      throw error;
    });
  }
}
