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

export interface Trace {
  /** By growing `t`. */
  readonly events: readonly TraceEvent[];
  /** What is wrong with each line that is no such event, with file, line and field. */
  readonly problems: readonly string[];
}

/**
 * Reads a recogniser trace: one JSON object `{t, segment, final, text}` a line, in the order of time. A line that is none is
 * left out; an event that comes later in the file than one with a greater `t` happened at that one's time.
 *
 * @throws CommandFailure where the file can't be read, or holds no such event
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
  if (events.length === 0) throw brokenTrace(problems[0] ?? `${path}: holds no events`);
  return { events, problems };
}

/** The failure of a trace that is of no use because of one of its problems. */
export function brokenTrace(problem: string): CommandFailure {
  return new CommandFailure(`${problem} (a line must be {"t", "segment", "final", "text"})`, exitCodes.wrongUse);
}

/** @returns the event, or why the line is none */
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
