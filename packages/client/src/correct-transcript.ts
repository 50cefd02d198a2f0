import type { WaitOptions } from './await-reply.ts';
import { connect, type ConnectOptions } from './connect.ts';
import type { SessionCorrection } from './correction-message.ts';

/**
 * Corrects a session of the key's tenant on a connection of its own; resolves when the correction is accepted. To try again
 * after a lost connection, pass the same `correctionId`. For many corrections, `connect` once and use `client.correct`.
 *
 * @throws ServerError, ConnectionRefusedError, ConnectionClosedError, DeadlineError, or the signal's reason
 */
export async function correctTranscript(
  options: ConnectOptions & SessionCorrection & { readonly sessionId: string },
  wait: Partial<WaitOptions> = {},
): Promise<void> {
  await using client = await connect(options);
  await client.correct(options, { signal: options.signal, ...wait });
}
