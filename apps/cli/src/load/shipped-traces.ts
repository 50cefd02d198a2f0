import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTrace, type TraceEvent } from '../trace/trace.ts';

/** The PocketSphinx traces: of the shipped ones those that rewrite the most and come the most often. */
const names = ['meeting', 'lecture', 'clinic', 'service', 'support'];

const shippedFolder = fileURLToPath(new URL('../../../../test/fixtures/asr-traces', import.meta.url));

/** @throws CommandFailure where a trace is missing or broken */
export function readShippedTraces(folder: string = shippedFolder): Promise<TraceEvent[][]> {
  return Promise.all(names.map((name) => readTrace(join(folder, `${name}.jsonl`))));
}
