import type { Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';
import { ApertiumTranslator } from './apertium/apertium-translator.ts';
import { findApertium } from './apertium/installation.ts';
import type { RandomSource } from '../seeded-random.ts';
import { markedTranslator } from './marked.ts';
import { paraphrasedTranslator } from './paraphrased.ts';
import { TranslatorUnavailableError, type Translator } from './translator.ts';

const hint = 'install apertium-apy and language pairs such as apertium-eng-spa';

/**
 * Starts the configured translator. `auto` uses Apertium if it is installed and starts, and otherwise marked text that is
 * labeled as simulated.
 *
 * @param path the PATH to search for apertium-apy
 * @param random the random source for paraphrases
 * @throws TranslatorUnavailableError if Apertium was requested and is unavailable
 */
export async function chooseTranslator(
  translations: Config['ENGINE_TRANSLATIONS'],
  { path, random, logger }: { path: string; random: RandomSource; logger: Logger },
): Promise<Translator> {
  if (translations === 'marked') return markedTranslator({ isRequested: true });
  if (translations === 'paraphrased') return paraphrasedTranslator(random);
  try {
    const installation = await findApertium(path);
    if (installation === undefined) throw new TranslatorUnavailableError(`Apertium is not installed: ${hint}`);
    return await ApertiumTranslator.start(installation, logger);
  } catch (error) {
    if (translations === 'apertium' || !(error instanceof TranslatorUnavailableError)) throw error;
    logger.warn({ reason: error.message }, 'Apertium is unavailable; replies are simulated');
    return markedTranslator({ isRequested: false });
  }
}
