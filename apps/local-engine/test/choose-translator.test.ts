import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '@parley/telemetry';
import { chooseTranslator } from '../src/translators/choose-translator.ts';
import { TranslatorUnavailableError } from '../src/translators/translator.ts';

describe('the choice of a translator', () => {
  const request = { text: 'Hello.', source: 'en', target: 'es', signal: new AbortController().signal };
  let folder: string;
  let logLines: string[];
  let logger: Logger;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-choice-'));
    logLines = [];
    logger = createLogger({ LOG_LEVEL: 'info' }, 'engine', { write: (line) => void logLines.push(line) });
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Lays out an Apertium in the folder and returns its PATH. */
  async function install(python: string, modes: readonly string[]): Promise<string> {
    const [bin, modesPath] = [join(folder, 'bin'), join(folder, 'share', 'apertium', 'modes')];
    await Promise.all([bin, modesPath].map((path) => mkdir(path, { recursive: true })));
    await writeFile(join(bin, 'apertium-apy'), `#!${python}\n`, { mode: 0o755 });
    for (const mode of modes) await writeFile(join(modesPath, mode), 'cat $1\n');
    return bin;
  }

  async function expectSimulated(path: string, reason: RegExp): Promise<void> {
    const translator = await chooseTranslator('auto', path, logger);
    expect(translator).toMatchObject({ model: 'marked', simulated: true, ready: true, languagePairs: undefined });
    await expect(translator.translate(request)).resolves.toBe('[es, simulated] Hello.');
    expect(logLines).toHaveLength(1);
    expect(JSON.parse(logLines[0] ?? '')).toMatchObject({
      msg: 'no Apertium: replies are simulated, nothing is translated',
      reason: expect.stringMatching(reason),
    });
    await translator.close();
    await expect(chooseTranslator('apertium', path, logger)).rejects.toThrow(TranslatorUnavailableError);
  }

  it.each(['', '/nowhere', '/nowhere:'])('says simulated where there is no Apertium on the PATH: %j', async (path) => {
    await expectSimulated(path, /not installed: install apertium-apy/);
  });

  it('says simulated where there is no language pair', async () => {
    await expectSimulated(await install('/usr/bin/python3', ['README', 'eng-disam.txt']), /not installed/);
  });

  it("says simulated where apertium-apy's Python is gone", async () => {
    await expectSimulated(await install(join(folder, 'python3'), ['eng-spa.mode']), /could not be started/);
  });

  it('says simulated where apertium-apy ends at once', async () => {
    const python = join(folder, 'python3');
    await writeFile(python, '#!/bin/sh\necho "no module named apertium_apy" >&2\nexit 1\n', { mode: 0o755 });
    await expectSimulated(await install(python, ['eng-spa.mode']), /did not start: no module named apertium_apy/);
  });

  it('does not say simulated where marked text is asked for', async () => {
    const translator = await chooseTranslator('marked', '', logger);
    await expect(translator.translate(request)).resolves.toBe('[es] Hello.');
    expect(logLines).toEqual([]);
  });

  it('takes Apertium where it is installed', async () => {
    const translator = await chooseTranslator('auto', process.env.PATH ?? '', logger);
    await translator.close();
    expect(translator.model).toBe('apertium');
  });
});
