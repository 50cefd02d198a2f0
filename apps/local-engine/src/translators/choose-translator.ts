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
 * Starts the translator that the configuration asks for. `auto` takes Apertium where it is installed and starts, and
 * stand-in text that says so of itself where not.
 *
 * @param path the PATH that apertium-apy is looked for on
 * @param random what paraphrases are drawn with
 * @throws TranslatorUnavailableError where Apertium is asked for and can't be had
 */
export async function chooseTranslator(
  translations: Config['ENGINE_TRANSLATIONS'],
  { path, random, logger }: { path: string; random: RandomSource; logger: Logger },
): Promise<Translator> {
  if (translations === 'marked') return markedTranslator({ asked: true });
  if (translations === 'paraphrased') return paraphrasedTranslator(random);
  try {
    const installation = await findApertium(path);
    if (installation === undefined) throw new TranslatorUnavailableError(`Apertium is not installed: ${hint}`);
    return await ApertiumTranslator.start(installation, logger);
  } catch (error) {
    if (translations === 'apertium' || !(error instanceof TranslatorUnavailableError)) throw error;
    logger.warn({ reason: error.message }, 'no Apertium: replies are simulated, nothing is translated');
    return markedTranslator({ asked: false });
  }
}
