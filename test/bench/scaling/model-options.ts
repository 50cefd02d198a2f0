import { parseArgs } from 'node:util';
import { maxTargetLanguages } from '@parley/protocol';
import { recognizers } from '../recorded-segments.ts';
import type { Scale } from './scales.ts';
import { engineNames } from './speech.ts';
import { usualAssumptions, type Assumptions } from './workload.ts';

export interface ModelOptions {
  /** Measure all loads and write down what they cost. */
  readonly measure: boolean;
  /** Run the loads that the model is checked with. */
  readonly check: boolean;
  /** Write the tables into docs/scaling.md. */
  readonly write: boolean;
  /** The only size to reckon; `undefined`: those of docs/scaling.md. */
  readonly size: Scale | undefined;
  readonly assumptions: Assumptions;
}

/** An option has a value that it can't have; the message names it. */
export class ModelOptionError extends Error {}

export const modelUsage = `npm run model -- [options]

  --sessions N --targets T --listeners L   reckon this size instead of those of docs/scaling.md
  --recognizer ${recognizers.join('|')}
  --engine ${engineNames.join('|')}            the latency of the engine
  --cached SHARE                           the share of engine calls that the cache saves, 0 to 1
  --utilization SHARE                      how much of a core a process may use on average, 0.1 to 0.95
  --check                                  run two loads and compare them with what is reckoned (2 minutes)
  --measure                                measure what everything costs, and write it to docs/measured-costs.json
                                           and docs/scaling.md (6 minutes; with --check 7)
  --write                                  write the tables into docs/scaling.md`;

/** @throws ModelOptionError */
export function parseModelOptions(parameters: readonly string[]): ModelOptions {
  const { measure, check, write, ...given } = parse(parameters);
  const sizeIsGiven = [given.sessions, given.targets, given.listeners].some((value) => value !== undefined);
  const isReckoned =
    sizeIsGiven ||
    [given.recognizer, given.engine, given.cached, given.utilization].some((value) => value !== undefined);
  if ((measure || check || write) && isReckoned)
    throw new ModelOptionError(
      '--measure, --check and --write go with no size or assumption: they are those of docs/scaling.md',
    );
  const usual = usualAssumptions;
  return {
    measure,
    check,
    write,
    size: sizeIsGiven ? sizeOf(given) : undefined,
    assumptions: {
      recognizer: oneOf('recognizer', recognizers, given.recognizer, usual.recognizer),
      engine: oneOf('engine', engineNames, given.engine, usual.engine),
      cachedShare: share('cached', given.cached, usual.cachedShare, 0, 1),
      utilization: share('utilization', given.utilization, usual.utilization, 0.1, 0.95),
    },
  };
}

function parse(parameters: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        ...{ measure: flag, check: flag, write: flag },
        ...{ sessions: text, targets: text, listeners: text },
        ...{ recognizer: text, engine: text, cached: text, utilization: text },
      },
    });
    return values;
  } catch (cause) {
    throw new ModelOptionError((cause as Error).message, { cause });
  }
}

function sizeOf(given: Readonly<Partial<Record<'sessions' | 'targets' | 'listeners', string>>>): Scale {
  const sessions = wholeNumber('sessions', given.sessions ?? '100', 1, 1_000_000);
  const targets = wholeNumber('targets', given.targets ?? '1', 1, maxTargetLanguages);
  const listeners = wholeNumber('listeners', given.listeners ?? '0', 0, 100_000_000);
  const many = (value: number, name: string): string => `${value.toLocaleString('en')} ${name}`;
  return {
    name: [many(sessions, 'sessions'), many(targets, 'targets'), many(listeners, 'listeners')].join(', '),
    sessions,
    targets,
    listeners,
  };
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ModelOptionError(`--${option} must be a whole number from ${min} to ${max}`);
}

function share(option: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ModelOptionError(`--${option} must be a number from ${min} to ${max}`);
}

function oneOf<Name extends string>(
  option: string,
  names: readonly Name[],
  text: string | undefined,
  usual: Name,
): Name {
  if (text === undefined) return usual;
  const found = names.find((name) => name.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new ModelOptionError(`--${option} must be one of ${names.join(', ')}`);
}
