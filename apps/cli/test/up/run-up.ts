/** Runs `up` with fake processes. */
import { CommandFailure } from '../../src/exit-code.ts';
import { thisMachine } from '../../src/machine/machine.ts';
import { runUp } from '../../src/up/up.ts';

try {
  await runUp({
    machine: thisMachine(process.env),
    stateFolder: process.env.STATE_FOLDER ?? '',
    program: new URL('fake-process.mjs', import.meta.url).pathname,
    showLogs: false,
    // Tests listen on loopback only, whatever address is shown.
    lan:
      process.env.LAN_ADDRESS === undefined
        ? undefined
        : { host: '127.0.0.1', address: process.env.LAN_ADDRESS, room: process.env.ROOM },
    isTerminal: process.env.IS_TERMINAL !== undefined,
    print: (text) => process.stdout.write(`${text}\n`),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof CommandFailure ? error.exitCode : 2;
}
