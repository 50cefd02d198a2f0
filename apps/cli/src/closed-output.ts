/** What a shell shows for a program that SIGPIPE has ended. */
const brokenPipeExitCode = 128 + 13;

/** Ends the process without a word when whoever reads its output has gone, as in `parley ... | head -1`. */
export function endAtClosedOutput(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(brokenPipeExitCode);
      throw error;
    });
  }
}
