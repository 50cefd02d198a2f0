import type { z } from 'zod';

/** Parses what was stored as JSON; `undefined` if it is missing or malformed, or another version wrote it. */
export function parseStored<Value>(schema: z.ZodType<Value>, json: string | null | undefined): Value | undefined {
  if (json === null || json === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
