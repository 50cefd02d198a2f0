import type { Config } from '@parley/config';
import { provideApertium } from '../machine/apertium.ts';
import type { Machine } from '../machine/machine.ts';
import { MissingProgramError } from '../machine/missing-program-error.ts';

/** What translates: an endpoint somewhere, or the local engine with Apertium or with marked stand-in text. */
export type EngineChoice =
  | { readonly kind: 'remote'; readonly description: string }
  | { readonly kind: 'apertium' }
  | { readonly kind: 'marked' | 'paraphrased'; readonly reason: string };

/**
 * The remote engine if one is configured, else the local one; Apertium is installed for it where that is possible.
 *
 * @throws MissingProgramError where ENGINE_TRANSLATIONS asks for Apertium and it can't be had
 */
export async function chooseEngine(
  config: Pick<Config, 'ENGINES' | 'OPENAI_API_KEY' | 'OPENAI_BASE_URL' | 'OPENAI_MODEL' | 'ENGINE_TRANSLATIONS'>,
  machine: Machine,
): Promise<EngineChoice> {
  if (config.ENGINES !== undefined) {
    return { kind: 'remote', description: config.ENGINES.map(({ name }) => name).join(', then ') };
  }
  if (config.OPENAI_API_KEY !== undefined || config.OPENAI_BASE_URL !== undefined) {
    const host = config.OPENAI_BASE_URL === undefined ? 'api.openai.com' : new URL(config.OPENAI_BASE_URL).host;
    return { kind: 'remote', description: `${config.OPENAI_MODEL} at ${host}` };
  }
  const asked = config.ENGINE_TRANSLATIONS;
  if (asked === 'marked' || asked === 'paraphrased') return { kind: asked, reason: `ENGINE_TRANSLATIONS=${asked}` };
  try {
    await provideApertium(machine);
    return { kind: 'apertium' };
  } catch (error) {
    if (asked === 'apertium' || !(error instanceof MissingProgramError)) throw error;
    machine.say(error.message);
    return { kind: 'marked', reason: 'Apertium is missing' };
  }
}
