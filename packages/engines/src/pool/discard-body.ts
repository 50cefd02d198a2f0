import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Reads what nobody needs to its end, so that its connection is free again. Rejects if the body ends early. */
export async function discardBody(body: Readable): Promise<void> {
  body.resume();
  await finished(body);
}
