import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokenTrace, readTrace, type TraceEvent } from '../trace/trace.ts';

/** The PocketSphinx traces: of the shipped ones those that rewrite the most and come the most often. */
const names = ['meeting', 'lecture', 'clinic', 'service', 'support'];

const shippedFolder = fileURLToPath(new URL('../../../../test/fixtures/asr-traces', import.meta.url));

/** @throws CommandFailure where a trace is missing or broken */
export function readShippedTraces(folder: string = shippedFolder): Promise<(readonly TraceEvent[])[]> {
  return Promise.all(
    names.map(async (name) => {
      const { events, problems } = await readTrace(join(folder, `${name}.jsonl`));
      if (problems[0] !== undefined) throw brokenTrace(problems[0]);
      return events;
    }),
  );
}
