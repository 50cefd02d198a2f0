import { describe, expect, it } from '@jest/globals';
import { TranslatorUnavailableError } from '../src/translators/translator.ts';
import { chooseTranslator } from '../src/translators/choose-translator.ts';
import { seededRandom } from '../src/seeded-random.ts';
import { createLogger } from '@parley/telemetry';

const emptyPath = '/nonexistent';
const random = seededRandom(1);

describe('without Apertium', () => {
  it('`auto` simulates, and labels the log and each reply accordingly', async () => {
    const warnings: unknown[][] = [];
    const logger = createLogger({ LOG_LEVEL: 'silent' }, 'engine');
    logger.warn = (...details: unknown[]) => warnings.push(details);
    const translator = await chooseTranslator('auto', { path: emptyPath, random, logger });
    expect(translator).toMatchObject({ model: 'marked', simulated: true, languagePairs: undefined });
    const { signal } = new AbortController();
    expect(await translator.translate({ text: 'Hi', source: 'en', target: 'es', signal })).toBe('[es, simulated] Hi');
    expect(warnings).toHaveLength(1);
  });

  it('`apertium` fails with what to install', async () => {
    const choice = chooseTranslator('apertium', {
      path: emptyPath,
      random,
      logger: createLogger({ LOG_LEVEL: 'silent' }, 'engine'),
    });
    await expect(choice).rejects.toBeInstanceOf(TranslatorUnavailableError);
    await expect(choice).rejects.toThrow('install apertium-apy');
  });
});
