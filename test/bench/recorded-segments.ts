import { readFileSync } from 'node:fs';

/** One line of a recognizer trace: `t` in ms since the start of the recording. */
export interface TraceEvent {
  readonly t: number;
  readonly segment: number;
  readonly final: boolean;
  readonly text: string;
}

const folder = new URL('../fixtures/asr-traces/', import.meta.url);
const talks = ['meeting', 'lecture', 'clinic', 'service', 'support'];

export const recognizers = ['PocketSphinx', 'redecode', 'stream'] as const;
export type Recognizer = (typeof recognizers)[number];

/** Reads the five traces of a recognizer. */
export function readTalks(recognizer: Recognizer): TraceEvent[][] {
  const ending = recognizer === 'PocketSphinx' ? '' : `.${recognizer}`;
  return talks.map((talk) => {
    const lines = readFileSync(new URL(`${talk}${ending}.jsonl`, folder), 'utf8')
      .trim()
      .split('\n');
    return lines.map((line) => JSON.parse(line) as TraceEvent);
  });
}

/** Reads the segments of the five traces of a recognizer, each ending with its final. */
export function readSegments(recognizer: Recognizer): TraceEvent[][] {
  return readTalks(recognizer).flatMap((events) => [...Map.groupBy(events, ({ segment }) => segment).values()]);
}
