import { MissingProgramError, provideApertium, provideRedisServer, type thisMachine } from '@parley/cli';

/** Installs what the tests need beside npm's packages; ends the process where that can't be done, and says why. */
export async function providePrograms(machine: ReturnType<typeof thisMachine>): Promise<void> {
  try {
    await provideRedisServer(machine);
    await provideApertium(machine);
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    machine.say(error.message);
    process.exit(1);
  }
}
