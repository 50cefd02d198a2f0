import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connect, ServerError } from '@parley/client';
import { undeterminedLanguage } from '@parley/protocol';
import { formatSubtitles, type SubtitleCue } from '@parley/subtitles';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { stopSignal } from '../stop-signal.ts';
import { outputFiles, type OutputFile } from './output-files.ts';
import { showProgress, type Progress } from './progress-bar.ts';
import { readSubtitleFile } from './read-subtitle-file.ts';
import { sourceLanguageOf, withLanguage } from './source-language.ts';
import { translateSubtitles, type TranslatedCues } from './translate-cues.ts';

export interface TranslateFileOptions {
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly output: string | undefined;
  readonly timeoutMs: number;
  readonly url: string;
  readonly key: string | undefined;
}

/**
 * Translates a subtitle file into one file per language, and prints their names.
 *
 * @throws CommandFailure if a file can't be read or written, or translations are missing in the written files; the errors of
 *   `translateSubtitles`
 */
export async function translateFile(input: string, options: TranslateFileOptions): Promise<void> {
  const { to, output } = options;
  const document = await readSubtitleFile(input);
  const from = options.from ?? sourceLanguageOf(input, document);
  const files = outputFiles({ input, inputFormat: document.format, from, to, output });
  for (const file of files) await checkWritable(file);
  const { cues, missing } = await translate(input, document.cues, from, options);
  for (const { language, path, format, isDerived } of files) {
    const content = { ...document, header: withLanguage(document.header, language) };
    const text = formatSubtitles({ ...content, cues: cues.get(language) ?? [] }, format);
    await writeFile(path, text, { flag: isDerived ? 'wx' : 'w' }).catch((cause: unknown) => {
      throw new CommandFailure(`can't write ${path}: ${(cause as Error).message}`, undefined, { cause });
    });
    console.log(path);
  }
  if (missing > 0) {
    const count = missing === 1 ? '1 translation is' : `${missing} translations are`;
    throw new CommandFailure(`${count} missing in the written files`);
  }
}

async function translate(
  input: string,
  cues: readonly SubtitleCue[],
  from: string,
  { to, timeoutMs, url, key }: TranslateFileOptions,
): Promise<TranslatedCues> {
  const signal = stopSignal();
  await using client = await connect({ url, apiKey: key, signal });
  try {
    const openProgress = (total: number): Progress => showProgress(process.stderr, total);
    return await translateSubtitles(client, cues, { from, to, timeoutMs, signal, openProgress });
  } catch (cause) {
    if (from !== undeterminedLanguage || !isUnsupported(cause)) throw cause;
    const message = `the engine does not detect languages; name that of ${input} with --from`;
    throw new CommandFailure(message, undefined, { cause });
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof ServerError && error.code === 'language-unsupported';
}

/** Fails before the translation instead of after it. */
async function checkWritable({ path, isDerived }: OutputFile): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw new CommandFailure(`can't write ${path}: ${(cause as Error).message}`, undefined, { cause });
  });
  if (!isDerived) return;
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new CommandFailure(`${path} exists; name it with --output to overwrite it`, exitCodes.wrongUse);
}
