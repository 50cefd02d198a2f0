import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CommandFailure, exitCodes } from '../exit-code.ts';

const traceEventSchema = z.object({
  /** Milliseconds since the talk began. */
  t: z.number().min(0),
  segment: z.int().min(0),
  final: z.boolean(),
  text: z.string(),
});

/** What a recogniser said at one moment. */
export type TraceEvent = z.infer<typeof traceEventSchema>;

/**
 * Reads a recogniser trace: one JSON object `{t, segment, final, text}` a line, in the order of time.
 *
 * @throws CommandFailure that names file, line and field
 */
export async function readTrace(path: string): Promise<TraceEvent[]> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(`can't read the trace ${path}: ${(cause as Error).message}`, exitCodes.wrongUse, {
      cause,
    });
  });
  const events: TraceEvent[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const event = parseEvent(line, `${path}:${index + 1}`);
    const previous = events.at(-1);
    if (previous !== undefined && event.t < previous.t) throw badTrace(`${path}:${index + 1}`, 't: goes back in time');
    events.push(event);
  }
  if (events.length === 0) throw badTrace(path, 'holds no events');
  return events;
}

function parseEvent(line: string, place: string): TraceEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw badTrace(place, 'is not JSON');
  }
  const parsed = traceEventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badTrace(place, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function badTrace(place: string, problem: string): CommandFailure {
  return new CommandFailure(
    `${place}: ${problem} (a line must be {"t", "segment", "final", "text"})`,
    exitCodes.wrongUse,
  );
}
