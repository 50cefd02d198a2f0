import { apertium, MissingProgramError, ensurePrograms, redisServer, type thisMachine } from '@parley/cli';

/** Installs what the tests need beside npm's packages; ends the process where that can't be done, and says why. */
export async function ensureTestPrograms(machine: ReturnType<typeof thisMachine>): Promise<void> {
  try {
    await ensurePrograms(machine, [redisServer, apertium()]);
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    machine.say(error.message);
    process.exit(1);
  }
}
