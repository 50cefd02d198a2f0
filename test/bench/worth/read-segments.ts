import { readFileSync } from 'node:fs';

/** One line of a recogniser's trace: `t` in ms since the talk began. */
export interface TraceEvent {
  readonly t: number;
  readonly segment: number;
  readonly final: boolean;
  readonly text: string;
}

const folder = new URL('../../fixtures/asr-traces/', import.meta.url);
const talks = ['meeting', 'lecture', 'clinic', 'service', 'support'];

/** The segments of the five talks as one recogniser heard them, each with its final at its end. */
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
