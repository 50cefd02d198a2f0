import { availableParallelism } from 'node:os';
import { stabilitySchema, type StabilitySetting } from '@parley/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { keyOption, urlOption, type ConnectionOptions } from '../connection-options.ts';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { createLoadReport, formatLoadReport, isClean } from '../load/load-report.ts';
import { runLoadSession } from '../load/load-session.ts';
import { ProcessUsageMeter, type WatchedProcess } from '../load/process-usage.ts';
import { readShippedTraces } from '../load/shipped-traces.ts';
import { endlessTalk, isCommonUtterance } from '../load/talk.ts';
import { languageArgument, languagesArgument, numberArgument } from '../option-parsers.ts';
import { stopSignal } from '../stop-signal.ts';

interface LoadOptions extends ConnectionOptions {
  readonly sessions: number;
  readonly seconds: number;
  readonly from: string;
  readonly to: string[];
  readonly speed: number;
  readonly unique: boolean;
  readonly common: number;
  readonly finalsOnly: boolean;
  readonly ordered: boolean;
  readonly unmark: boolean;
  readonly stability?: StabilitySetting;
  readonly traces?: string;
  readonly timeout: number;
  readonly pids: WatchedProcess[];
  readonly json: boolean;
}

/** Session starts are spread over this time, so that sessions don't send in step. */
const rampMs = 1000;

const examples = `
Examples:
  parley load --sessions 20 --seconds 60 --to es
  parley load --sessions 50 --seconds 60 --to es --unique --unmark --pids edge=1201,worker=1202,redis=1188

With --unmark the engine must return marked placeholder text (\`parley engine --translations marked\`).
Several keys, separated by commas, are assigned to the sessions round-robin.
On an interrupt it stops sending, waits for outstanding translations and prints the report.`;

/** `parley load` */
export function loadCommand(): Command {
  return new Command('load')
    .description(
      'run many sessions at once, measure latencies, and detect messages that are lost, duplicated or out of order',
    )
    .requiredOption('--sessions <number>', 'the number of sessions', numberArgument(1, 10_000, 'whole'))
    .requiredOption('--seconds <number>', 'the duration', numberArgument(0.1, 86_400))
    .requiredOption('--to <languages>', 'the languages to translate into, separated by commas', languagesArgument)
    .addOption(new Option('--from <language>', 'the language of the traces').default('en').argParser(languageArgument))
    .addOption(
      new Option('--speed <factor>', 'playback speed; 2 is twice as fast')
        .default(1)
        .argParser(numberArgument(0.01, 1000)),
    )
    .option('--unique', 'prefix every text with the session number, so that no two sessions send the same text', false)
    .addOption(
      new Option('--common <share>', 'with --unique: the share of utterances that are the same in all sessions')
        .default(0)
        .argParser(numberArgument(0, 1)),
    )
    .option('--finals-only', 'send no partials', false)
    .option('--ordered', 'request the translations of finals in the order in which they were accepted', false)
    .option('--unmark', 'check that each translation is the marked text of its own source', false)
    .addOption(
      new Option(
        '--stability <setting>',
        "the sessions' setting (default: off with --unmark, else the server's)",
      ).choices(stabilitySchema.options),
    )
    .option('--traces <folder>', 'the folder of meeting.jsonl, lecture.jsonl, ... (default: the bundled ones)')
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for outstanding translations at the end')
        .default(30)
        .argParser(numberArgument(0.1, 3600)),
    )
    .addOption(
      new Option('--pids <name=pid,...>', 'processes whose CPU and memory to report (Linux); repeatable')
        .default([], 'none')
        .argParser(pidsArgument),
    )
    .option('--json', 'print the report as one JSON object', false)
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText('after', examples)
    .action(load);
}

async function load(options: LoadOptions): Promise<void> {
  const { sessions, seconds, from, to, speed, finalsOnly, ordered, unmark, timeout, url, pids, json } = options;
  // Partials can only be compared with their source if they are shown whole.
  const stability = options.stability ?? (unmark ? 'off' : undefined);
  const keys = options.key?.split(',') ?? [];
  const traces = await readShippedTraces(options.traces);
  const signal = AbortSignal.any([stopSignal(), AbortSignal.timeout(seconds * 1000)]);
  const meter = startMeter(pids);
  const startedMs = performance.now();
  const running = Array.from({ length: sessions }, (_, index) =>
    runLoadSession({
      url,
      apiKey: keys[index % keys.length],
      from,
      to,
      speed,
      finalsOnly,
      ordered,
      talk: endlessTalk(
        traces[index % traces.length] ?? [],
        Math.floor(index / traces.length) * 4 + (index % 3),
        (utterance) => (options.unique && !isCommonUtterance(utterance, options.common) ? `${index} ` : ''),
      ),
      unmark,
      stability,
      delayMs: (index / sessions) * rampMs,
      drainTimeoutMs: timeout * 1000,
      signal,
    }),
  );
  const reports = await Promise.all(running);
  const report = createLoadReport(reports, {
    seconds: (performance.now() - startedMs) / 1000,
    targetLanguages: to,
    processes: meter.finish(),
  });
  console.log(json ? JSON.stringify(report) : formatLoadReport(report, availableParallelism()));
  if (!isClean(report)) throw new CommandFailure('some sessions had errors; see the report');
}

function startMeter(pids: readonly WatchedProcess[]): ProcessUsageMeter {
  const self = process.platform === 'linux' ? [{ name: 'load', pid: process.pid }] : [];
  try {
    return new ProcessUsageMeter([...pids, ...self]);
  } catch (cause) {
    throw new CommandFailure(`--pids: ${(cause as Error).message}`, exitCodes.wrongUse, { cause });
  }
}

function pidsArgument(text: string, before: readonly WatchedProcess[]): WatchedProcess[] {
  const added = text.split(',').map((entry): WatchedProcess => {
    const [, name, pid] = /^([^=]+)=(\d+)$/.exec(entry.trim()) ?? [];
    if (name === undefined || pid === undefined) throw new InvalidArgumentError('It must be NAME=PID,NAME=PID.');
    return { name, pid: Number(pid) };
  });
  return [...before, ...added];
}
