import { endAtClosedOutput } from './closed-output.ts';
import { createProgram } from './program.ts';
import { run } from './run.ts';

endAtClosedOutput();
process.exitCode = await run(await createProgram(process.argv[2]), process.argv);

/** Whatever a command left open may not keep the process alive for longer than this. */
const lingerMs = 1000;
setTimeout(() => process.exit(), lingerMs).unref();
