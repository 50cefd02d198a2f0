import { z } from 'zod';

/** What a Parley process logs when it can do its work. */
const readyLineSchema = z.object({ msg: z.literal('ready'), url: z.url() });

/** Where the process listens, if this line says that it is ready. */
export function parseReadyLine(line: string): { readonly url: string } | undefined {
  if (!line.startsWith('{') || !line.includes('"ready"')) return undefined;
  try {
    return readyLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
