import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { thisMachine } from '../machine/machine.ts';
import { languageArgument, languagesArgument, numberArgument } from '../option-parsers.ts';
import { measureQuality, type QualityTrace } from '../quality/measure-quality.ts';
import { qualityPlot } from '../quality/plot/quality-plot.ts';
import { parleyPolicy } from '../quality/policies/parley.ts';
import type { Policy } from '../quality/policies/policy.ts';
import { simplePolicies } from '../quality/policies/simple-policies.ts';
import { openQualityEngine } from '../quality/quality-engine.ts';
import { createQualityReport } from '../quality/quality-report.ts';
import { formatQualityReport } from '../quality/quality-table.ts';
import { segmentsOf } from '../quality/segments.ts';
import { stopSignal } from '../stop-signal.ts';
import { brokenTrace, readTrace } from '../trace/trace.ts';

interface QualityOptions {
  readonly from: string;
  readonly to: string[];
  readonly stability: Policy[];
  readonly simple: Policy[];
  readonly json?: string;
  readonly plot?: string;
  readonly calls: number;
  readonly timeout: number;
}

const settings = (['off', 'balanced', 'high'] as const).map(parleyPolicy);

const notes = `
It answers how much the settings of stability rewrite what is being read, how far they are behind the speaker, and whether a
simple policy would do better. It needs neither Redis nor an edge: the revisions of each segment are played through every
policy one after the other, and translations count as if they took no time, so that the same translations always give the
same figures. How long translations take in a running pipeline is measured by \`parley load\`.

The engine is the configured one (ENGINES, OPENAI_API_KEY, OPENAI_BASE_URL), which may charge for it, or else the local engine,
which is started for the measurement. Each text is translated once. Traces whose names are the same after the first dot are
of one kind, and the table and the plot show each kind; the JSON contains the figures of each file as well.

Apertium translates a few texts differently after other ones, which changes the figures slightly if other traces are
measured as well. ENGINE_TRANSLATIONS=paraphrased needs --calls 1 to repeat its figures.

Simple policies: ${simplePolicies.map(({ name }) => name).join(', ')}.

Examples:
  parley quality test/fixtures/asr-traces/*.jsonl --to es
  parley quality talk.jsonl --to es,ca --stability balanced,high --simple naive,mask-4 --json talk.json --plot talk.svg`;

/** `parley quality` */
export function qualityCommand(): Command {
  return new Command('quality')
    .description('measure offline how much translations change while they are read, for each setting of stability')
    .argument('<traces...>', 'recognizer traces: JSON lines of {t, segment, final, text}, t in milliseconds')
    .requiredOption('--to <languages>', 'the languages to translate into, separated by commas', languagesArgument)
    .addOption(new Option('--from <language>', 'the language of the traces').default('en').argParser(languageArgument))
    .addOption(
      new Option('--stability <settings>', 'the settings to measure, separated by commas')
        .default(settings, 'off,balanced,high')
        .argParser((text) => chosenPolicies(text, settings)),
    )
    .addOption(
      new Option('--simple <policies>', 'the simple policies to compare with, separated by commas, or "none"')
        .default(simplePolicies, 'all')
        .argParser((text) => (text === 'none' ? [] : chosenPolicies(text, simplePolicies))),
    )
    .option('--json <file>', 'write the report to this file')
    .option('--plot <file>', 'write a plot of words erased against words behind to this file, as SVG')
    .addOption(
      new Option('--calls <number>', 'the number of concurrent engine calls')
        .default(4)
        .argParser(numberArgument(1, 64, 'whole')),
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long the measurement may take')
        .default(1800)
        .argParser(numberArgument(1, 86_400)),
    )
    .addHelpText('after', notes)
    .action(quality);
}

async function quality(paths: readonly string[], options: QualityOptions): Promise<void> {
  const { from, to, stability, simple, json, plot, calls, timeout } = options;
  const stop = stopSignal();
  const deadline = AbortSignal.timeout(timeout * 1000);
  const signal = AbortSignal.any([stop, deadline]);
  for (const file of [json, plot]) if (file !== undefined) await assertWritable(file);
  const traces = await Promise.all(paths.map(readQualityTrace));
  try {
    await using engine = await openQualityEngine(thisMachine(process.env), signal);
    const { engines, usesPrevious, description } = engine;
    const policies = [...simple, ...stability];
    const results = await measureQuality({
      traces,
      from,
      to,
      policies,
      engines,
      usesPrevious,
      concurrentCalls: calls,
      signal,
    });
    const report = createQualityReport(results, { engine: description, from });
    console.log(formatQualityReport(report));
    if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
    if (plot !== undefined) await writeFile(plot, qualityPlot(report));
  } catch (error) {
    stop.throwIfAborted();
    if (deadline.aborted) throw new CommandFailure(`the measurement took more than ${timeout} s (see --timeout)`);
    throw error;
  }
}

/** @throws CommandFailure if the trace can't be read, a line of it is invalid, or no segment has a final */
async function readQualityTrace(path: string): Promise<QualityTrace> {
  const { events, problems } = await readTrace(path);
  if (problems[0] !== undefined) throw brokenTrace(problems[0]);
  const segments = segmentsOf(events);
  if (segments.length === 0) throw new CommandFailure(`${path}: no segment has a final`, exitCodes.wrongUse);
  return { path, segments };
}

async function assertWritable(file: string): Promise<void> {
  await access(dirname(file), constants.W_OK).catch((cause: unknown) => {
    throw new CommandFailure(`can't write ${file}: ${(cause as Error).message}`, exitCodes.wrongUse, { cause });
  });
}

function chosenPolicies(text: string, known: readonly Policy[]): Policy[] {
  const names = new Set(text.split(',').map((name) => name.trim()));
  return [...names].map((name) => {
    const found = known.find((policy) => policy.name === name);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`"${name}" is none of ${known.map((policy) => policy.name).join(', ')}.`);
  });
}
