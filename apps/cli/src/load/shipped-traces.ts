import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokenTrace, readTrace, type TraceEvent } from '../trace/trace.ts';

/** The PocketSphinx traces, which among the bundled ones have the most revisions and the most rewritten text. */
const names = ['meeting', 'lecture', 'clinic', 'service', 'support'];

const shippedFolder = fileURLToPath(new URL('../../../../test/fixtures/asr-traces', import.meta.url));

/** @throws CommandFailure if a trace is missing or invalid */
export function readShippedTraces(folder: string = shippedFolder): Promise<(readonly TraceEvent[])[]> {
  return Promise.all(
    names.map(async (name) => {
      const { events, problems } = await readTrace(join(folder, `${name}.jsonl`));
      if (problems[0] !== undefined) throw brokenTrace(problems[0]);
      return events;
    }),
  );
}
