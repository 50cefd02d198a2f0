import { redisVariable } from '@parley/config';
import { apertium } from '../machine/apertium.ts';
import type { Machine } from '../machine/machine.ts';
import { MissingProgramError } from '../machine/missing-program-error.ts';
import type { Program } from '../machine/program.ts';
import { ensurePrograms } from '../machine/ensure-programs.ts';
import { redisServer } from '../machine/redis-server.ts';
import { isRemote, type EngineSettings } from './engine-choice.ts';

/**
 * Installs the third-party programs that `parley up` needs. If only Apertium is missing and was not explicitly requested,
 * prints a message, and the start continues with marked placeholder text.
 *
 * @throws MissingProgramError with one message about all missing programs
 */
export async function ensureUpPrograms(
  config: EngineSettings & Parameters<typeof redisVariable>[0],
  machine: Machine,
): Promise<void> {
  try {
    await ensurePrograms(machine, neededPrograms(config));
  } catch (error) {
    const isOptional =
      error instanceof MissingProgramError &&
      config.ENGINE_TRANSLATIONS === 'auto' &&
      error.programs.every(({ name }) => name === translator.name);
    if (!isOptional) throw error;
    machine.say(`${error.message}\nStarting with marked placeholder text until then.`);
  }
}

const redis: Program = { ...redisServer, alternative: 'set REDIS_URL to an existing Redis' };
const translator: Program = {
  ...apertium(),
  alternative: 'set OPENAI_API_KEY or OPENAI_BASE_URL to translate with another engine',
};

/** Leaves out programs that the configuration replaces with remote ones. */
function neededPrograms(config: EngineSettings & Parameters<typeof redisVariable>[0]): readonly Program[] {
  const needsTranslator = !isRemote(config) && ['auto', 'apertium'].includes(config.ENGINE_TRANSLATIONS);
  return [...(redisVariable(config) === undefined ? [redis] : []), ...(needsTranslator ? [translator] : [])];
}
