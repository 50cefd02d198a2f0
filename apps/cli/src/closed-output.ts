/** What a shell shows for a program that SIGPIPE has ended. */
const brokenPipeExitCode = 128 + 13;

/** Ends the process without a word when whoever reads standard output has gone, as in `parley ... | head -1`. */
export function endAtClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(brokenPipeExitCode);
    throw error;
  });
}
