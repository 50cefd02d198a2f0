import { describeViolation, type HistoryReport } from '@parley/checker';
import { connect, type Client } from '@parley/client';
import { Command, Option } from 'commander';
import { jsonView, plainView, terminalView } from '../captions/replay-views.ts';
import { keyOption, urlOption, type ConnectionOptions } from '../connection-options.ts';
import { CommandFailure } from '../exit-code.ts';
import { recordHistory } from '../history-recorder.ts';
import { languageArgument, languagesArgument, numberArgument, roomArgument } from '../option-parsers.ts';
import { replayTrace } from '../replay-trace.ts';
import { stopSignal } from '../stop-signal.ts';
import { readTrace, type TraceEvent } from '../trace/trace.ts';

interface ReplayCommandOptions extends ConnectionOptions {
  readonly from: string;
  readonly to: string[];
  readonly room?: string;
  readonly speed: number;
  readonly timeout: number;
  readonly json: boolean;
}

const notes = `
Transcripts that the server refuses, and lines of the trace that can't be parsed, are skipped and counted at the end, and the
exit status is 1.

Examples:
  parley replay test/fixtures/asr-traces/meeting.jsonl --to es
  parley replay talk.jsonl --from en --to es,fr --speed 2 --json`;

/** `parley replay` */
export function replayCommand(): Command {
  return new Command('replay')
    .description('play a speech recognizer trace in real time and show live captions')
    .argument('<trace>', 'JSON lines of {t, segment, final, text}, t in milliseconds')
    .requiredOption('--to <languages>', 'the languages to translate into, separated by commas', languagesArgument)
    .addOption(new Option('--from <language>', 'the language of the trace').default('en').argParser(languageArgument))
    .option('--room <name>', 'the room whose join code the session takes, the same at each start', roomArgument)
    .addOption(
      new Option('--speed <factor>', 'playback speed; 2 is twice as fast')
        .default(1)
        .argParser(numberArgument(0.01, 1000)),
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for outstanding translations at the end')
        .default(30)
        .argParser(numberArgument(0.1, 3600)),
    )
    .option('--json', 'print every server message, one per line', false)
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText('after', notes)
    .action(replay);
}

async function replay(path: string, options: ReplayCommandOptions): Promise<void> {
  const { url, key } = options;
  const { events, problems } = await readTrace(path);
  const signal = stopSignal();
  await using client = await connect({ url, apiKey: key, signal });
  const history = recordHistory(client);
  const failure = await play(client, events, options, signal);
  const report = history.finish();
  const hasSent = report.counts.partialsSent + report.counts.finalsSent > 0;
  if (failure === undefined || hasSent) console.error(summaryOf(report));
  for (const violation of report.violations) console.error(`  ${describeViolation(violation)}`);
  if (problems.length > 0) console.error(`lines skipped in the trace: ${problems.length}, first ${problems[0]}`);
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  const { finalsFailed, errors } = report.counts;
  if (report.violations.length > 0 || finalsFailed > 0 || errors.size > 0) {
    throw new CommandFailure('the trace was not translated without errors');
  }
  if (problems.length > 0) throw new CommandFailure('some lines of the trace were skipped');
}

/** Plays and shows the trace. Returns an error instead of throwing it, so that the summary is still printed. */
async function play(
  client: Client,
  events: readonly TraceEvent[],
  { from, to, room, speed, timeout, json }: ReplayCommandOptions,
  signal: AbortSignal,
): Promise<Error | undefined> {
  using view = json
    ? jsonView(client)
    : process.stdout.isTTY
      ? terminalView(client, from, to, process.stdout)
      : plainView(client);
  try {
    await replayTrace(client, events, { from, to, room, speed, drainTimeoutMs: timeout * 1000, signal, ...view });
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function summaryOf({ counts, violations }: HistoryReport): string {
  const { partialsSent, partialsShown, finalsSent, finalsTranslated, finalsFailed, errors } = counts;
  const refused = [...errors].map(([code, count]) => `${count} x ${code}`).join(', ');
  return [
    `${finalsSent} finals sent, ${finalsTranslated} translations received, ${finalsFailed} failed`,
    `${partialsSent} partials sent, ${partialsShown} shown`,
    ...(refused === '' ? [] : [`errors: ${refused}`]),
    violations.length === 0 ? 'nothing lost, duplicated or out of order' : `${violations.length} protocol violations`,
  ].join('; ');
}
