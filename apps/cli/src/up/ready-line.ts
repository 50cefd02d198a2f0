import { z } from 'zod';

/** The line that a Parley process logs when it is ready. */
const readyLineSchema = z.object({ msg: z.literal('ready'), url: z.url() });

/** Returns the URL of the process if this is the `ready` line. */
export function parseReadyLine(line: string): { readonly url: string } | undefined {
  if (!line.startsWith('{') || !line.includes('"ready"')) return undefined;
  try {
    return readyLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
