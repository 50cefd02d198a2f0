import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CommandFailure, exitCodes } from '../exit-code.ts';

const traceEventSchema = z.object({
  /** Milliseconds since the start of the recording. */
  t: z.number().min(0),
  segment: z.int().min(0),
  final: z.boolean(),
  text: z.string(),
  /** The beginning of a partial's `text` that the recognizer will not change, if it says so. */
  stable: z.string().optional(),
});

/** One output of a speech recognizer. */
export type TraceEvent = z.infer<typeof traceEventSchema>;

export interface Trace {
  /** In ascending order of `t`. */
  readonly events: readonly TraceEvent[];
  /** A description of each invalid line, with file, line number and field. */
  readonly problems: readonly string[];
}

/**
 * Reads a recognizer trace: one JSON object `{t, segment, final, text}`, with `stable` if it is known, per line, in order of time. Invalid lines are
 * skipped. If `t` decreases, it is raised to the greatest value before it.
 *
 * @throws CommandFailure if the file can't be read or contains no valid event
 */
export async function readTrace(path: string): Promise<Trace> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(`can't read the trace ${path}: ${(cause as Error).message}`, exitCodes.wrongUse, {
      cause,
    });
  });
  const events: TraceEvent[] = [];
  const problems: string[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const event = parseEvent(line);
    if (typeof event === 'string') problems.push(`${path}:${index + 1}: ${event}`);
    else events.push({ ...event, t: Math.max(event.t, events.at(-1)?.t ?? 0) });
  }
  if (events.length === 0) throw brokenTrace(problems[0] ?? `${path}: contains no events`);
  return { events, problems };
}

/** Creates the error for an unusable trace. */
export function brokenTrace(problem: string): CommandFailure {
  return new CommandFailure(`${problem} (a line must be {"t", "segment", "final", "text"})`, exitCodes.wrongUse);
}

/** @returns the event, or a description of what is wrong with the line */
function parseEvent(line: string): TraceEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'is not JSON';
  }
  const parsed = traceEventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}
