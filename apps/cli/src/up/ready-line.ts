import { z } from 'zod';

/** Where a process can be reached. */
export interface ProcessAddress {
  readonly url: string;
  /** Of its metrics, if it has any. */
  readonly metricsUrl?: string | undefined;
}

/** The line that a Parley process logs when it is ready. */
const readyLineSchema = z.object({ msg: z.literal('ready'), url: z.url(), metricsUrl: z.url().optional() });

/** Returns the URLs of the process if this is the `ready` line. */
export function parseReadyLine(line: string): ProcessAddress | undefined {
  if (!line.startsWith('{') || !line.includes('"ready"')) return undefined;
  try {
    return readyLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
