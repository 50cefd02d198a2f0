import { apertium, MissingProgramError, ensurePrograms, redisServer, type thisMachine } from '@parley/cli';

/** Installs the programs that the tests need; if that fails, prints the reason and exits the process. */
export async function ensureTestPrograms(machine: ReturnType<typeof thisMachine>): Promise<void> {
  try {
    await ensurePrograms(machine, [redisServer, apertium()]);
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    machine.say(error.message);
    process.exit(1);
  }
}
