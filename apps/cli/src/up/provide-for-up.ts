import type { Config } from '@parley/config';
import { apertium } from '../machine/apertium.ts';
import type { Machine } from '../machine/machine.ts';
import { MissingProgramError } from '../machine/missing-program-error.ts';
import type { Program } from '../machine/program.ts';
import { providePrograms } from '../machine/provide-programs.ts';
import { redisServer } from '../machine/redis-server.ts';
import { isRemote, type EngineSettings } from './engine-choice.ts';

/**
 * Sees to it that what `parley up` starts beside its own processes is installed. Where Apertium alone can't be had, and
 * nobody has asked for it by name, the person is told and the start goes on with stand-in text.
 *
 * @throws MissingProgramError with one message for everything that is missing
 */
export async function provideForUp(
  config: EngineSettings & Pick<Config, 'REDIS_URL'>,
  machine: Machine,
): Promise<void> {
  try {
    await providePrograms(machine, neededPrograms(config));
  } catch (error) {
    const isEnough =
      error instanceof MissingProgramError &&
      config.ENGINE_TRANSLATIONS === 'auto' &&
      error.programs.every(({ name }) => name === translator.name);
    if (!isEnough) throw error;
    machine.say(`${error.message}\nStarting with stand-in text until then.`);
  }
}

const redis: Program = { ...redisServer, instead: 'set REDIS_URL to a Redis that runs already' };
const translator: Program = {
  ...apertium(),
  instead: 'set OPENAI_API_KEY or OPENAI_BASE_URL to translate with another engine',
};

/** What a variable already names elsewhere is not needed here. */
function neededPrograms(config: EngineSettings & Pick<Config, 'REDIS_URL'>): readonly Program[] {
  const translates = !isRemote(config) && ['auto', 'apertium'].includes(config.ENGINE_TRANSLATIONS);
  return [...(config.REDIS_URL === undefined ? [redis] : []), ...(translates ? [translator] : [])];
}
