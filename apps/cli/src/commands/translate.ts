import { connect } from '@parley/client';
import type { TranslationFailed } from '@parley/protocol';
import { Command, Option } from 'commander';
import { keyOption, urlOption, type ConnectionOptions } from '../connection-options.ts';
import { CommandFailure } from '../exit-code.ts';
import { joinCodeNote } from '../join-code-note.ts';
import { inputLines } from '../input-lines.ts';
import { languageArgument, languagesArgument, numberArgument, roomArgument } from '../option-parsers.ts';
import { resultLine } from '../result-line.ts';
import { stopSignal } from '../stop-signal.ts';
import { translateFile } from '../subtitle-files/translate-file.ts';
import { translateLines } from '../translate-lines.ts';

interface TranslateOptions extends ConnectionOptions {
  readonly from?: string;
  readonly to: string[];
  readonly output?: string;
  readonly room?: string;
  readonly json: boolean;
  readonly timeout: number;
}

const notes = `
Blank lines are skipped. A line that is refused (because it is too long, for instance) or whose translation fails is left out
of the output and reported on standard error by its number; the other lines are translated, and the exit status is 1.
With --json, segmentId is the number of the line in the input.

A subtitle file (SubRip or WebVTT) is translated into one file per language, by default FILE.es.srt for FILE.srt or
FILE.en.srt. The extension of --output decides the format. Times, positions and tags around a whole text are kept. A
sentence that runs over several subtitles is translated as a whole, and its translation is divided in proportion. A
subtitle that can't be translated is left out and reported, and the exit status is 1.

Examples:
  printf 'Good morning everyone.\\n' | parley translate --from en --to es,ca
  tail -f talk.txt | parley translate --from en --to es --json
  parley translate talk.srt --from en --to es -o talk.es.srt
  parley translate talk.en.vtt --to es,ca -o talk.srt`;

/** `parley translate` */
export function translateCommand(): Command {
  return new Command('translate')
    .description(
      'translate a subtitle file, or standard input with one sentence per line; prints the names of the written files, or ' +
        'translations as they arrive, as LANGUAGE<tab>TEXT',
    )
    .argument('[file]', 'a SubRip (.srt) or WebVTT (.vtt) file; without it, standard input is translated')
    .option(
      '--from <language>',
      'the language of the input, a BCP 47 tag; for a file by default that of its name, such as talk.en.srt, or of its header, ' +
        'else the engine has to detect it',
      languageArgument,
    )
    .requiredOption('--to <languages>', 'the languages to translate into, separated by commas', languagesArgument)
    .option('-o, --output <file>', 'the file to write; with several languages, each is added to its name')
    .option('--room <name>', 'the room whose join code the session takes; for standard input only', roomArgument)
    .option('--json', 'print the result messages as JSON, one per line', false)
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the next translation')
        .default(60)
        .argParser(numberArgument(0.1, 3600)),
    )
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText('after', notes)
    .action(async (file: string | undefined, options: TranslateOptions, command: Command) => {
      if (file !== undefined) await translateSubtitleFile(file, options, command);
      else await translateInput(options, command);
    });
}

async function translateSubtitleFile(file: string, options: TranslateOptions, command: Command): Promise<void> {
  const { from, to, output, timeout, url, key, json, room } = options;
  if (json) command.error("error: option '--json' is for standard input, not for a file");
  if (room !== undefined) command.error("error: option '--room' is for standard input, not for a file");
  await translateFile(file, { from, to, output, timeoutMs: timeout * 1000, url, key });
}

async function translateInput(options: TranslateOptions, command: Command): Promise<void> {
  const { from, to, output, room, json, timeout, url, key } = options;
  if (from === undefined) command.error("error: required option '--from <language>' not specified");
  if (output !== undefined) command.error("error: option '--output' needs a subtitle file to translate");
  const signal = stopSignal();
  await using client = await connect({ url, apiKey: key, signal });
  client.on('session.started', (started) => {
    if (room !== undefined) console.error(`parley: ${joinCodeNote(started)}`);
  });
  const failures: TranslationFailed[] = [];
  let refused = 0;
  await translateLines(client, (stop) => inputLines(process.stdin, stop), {
    from,
    to,
    timeoutMs: timeout * 1000,
    signal,
    session: { ordered: true, ...(room === undefined ? {} : { room }) },
    onResult: (result) => {
      if (result.type === 'translation.failed') failures.push(result);
      if (json) console.log(JSON.stringify(result));
      else if (result.type === 'translation.final') console.log(resultLine(result.targetLanguage, result.text));
      else console.error(`parley: line ${result.segmentId} into ${result.targetLanguage}: ${result.message}`);
    },
    onRefused: (line, error) => {
      refused += 1;
      console.error(`parley: line ${line} was not translated: ${error.message}`);
    },
  });
  const problems = [
    ...(refused === 0 ? [] : [`${refused} ${refused === 1 ? 'line was' : 'lines were'} refused`]),
    ...(failures.length === 0
      ? []
      : [`${failures.length} ${failures.length === 1 ? 'translation' : 'translations'} failed`]),
  ];
  if (problems.length > 0) throw new CommandFailure(problems.join(', '));
}
