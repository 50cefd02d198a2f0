import { dirname, extname, join, basename, resolve } from 'node:path';
import type { SubtitleFormat } from '@parley/subtitles';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { languageOfName } from './source-language.ts';

export interface OutputFile {
  readonly language: string;
  readonly path: string;
  readonly format: SubtitleFormat;
  /** Whether its name was derived from that of the input, so that an existing file must not be overwritten. */
  readonly isDerived: boolean;
}

export interface OutputRequest {
  readonly input: string;
  readonly inputFormat: SubtitleFormat;
  readonly from: string;
  readonly to: readonly string[];
  /** The name of the output, if one is given. */
  readonly output: string | undefined;
}

/**
 * Decides the name and format of each output: the given name for a single language, else `NAME.LANGUAGE.EXTENSION`, where NAME is the
 * given name or that of the input, without the language of the input.
 *
 * @throws CommandFailure if the extension names no format, or an output is the input
 */
export function outputFiles({ input, inputFormat, from, to, output }: OutputRequest): OutputFile[] {
  const model = output ?? input;
  const extension = extname(model);
  const named = extension.slice(1).toLowerCase();
  const format = named === 'srt' || named === 'vtt' ? named : undefined;
  if (format === undefined && output !== undefined)
    throw new CommandFailure(`the name of the output must end with .srt or .vtt: ${output}`, exitCodes.wrongUse);
  const files = to.map((language): OutputFile => {
    const path = output !== undefined && to.length === 1 ? output : derivedPath(model, language, from, inputFormat);
    return { language, path, format: format ?? inputFormat, isDerived: output === undefined };
  });
  if (files.some(({ path }) => resolve(path) === resolve(input)))
    throw new CommandFailure(`the output would overwrite the input ${input}`, exitCodes.wrongUse);
  return files;
}

function derivedPath(model: string, language: string, from: string, inputFormat: SubtitleFormat): string {
  const extension = extname(model);
  const isSubtitles = ['.srt', '.vtt'].includes(extension.toLowerCase());
  const name = isSubtitles ? basename(model, extension) : basename(model);
  const stem = languageOfName(model) === from ? basename(name, extname(name)) : name;
  return join(dirname(model), `${stem}.${language}${isSubtitles ? extension : `.${inputFormat}`}`);
}
