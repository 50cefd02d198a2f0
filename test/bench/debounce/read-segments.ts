import { readFileSync } from 'node:fs';

/** One line of a recognizer trace: `t` in ms since the start of the recording. */
export interface TraceEvent {
  readonly t: number;
  readonly segment: number;
  readonly final: boolean;
  readonly text: string;
}

const folder = new URL('../../fixtures/asr-traces/', import.meta.url);
const talks = ['meeting', 'lecture', 'clinic', 'service', 'support'];

/** Reads the segments of the five traces of a recognizer, each ending with its final. */
export function readSegments(recogniser: 'PocketSphinx' | 'redecode' | 'stream'): TraceEvent[][] {
  const ending = recogniser === 'PocketSphinx' ? '' : `.${recogniser}`;
  return talks.flatMap((talk) => {
    const lines = readFileSync(new URL(`${talk}${ending}.jsonl`, folder), 'utf8')
      .trim()
      .split('\n');
    const events = lines.map((line) => JSON.parse(line) as TraceEvent);
    return [...Map.groupBy(events, ({ segment }) => segment).values()];
  });
}
