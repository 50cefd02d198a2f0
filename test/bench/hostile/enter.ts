import type { Target } from './attack.ts';
import { messageFrame } from './frames.ts';
import { RawClient } from './raw-client.ts';
import type { Tally } from './tally.ts';

/** Enters a session as a listener and drops the connection as soon as that has succeeded. @param how further fields of `session.join` */
export async function enterAndLeave(
  { port, joinCode }: Pick<Target, 'port' | 'joinCode'>,
  how: object,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const client = new RawClient({
    port,
    access: `join.${joinCode}`,
    tally,
    signal,
    onText: (text) => {
      if (!text.startsWith('{"type":"session.joined"')) return;
      tally.count('joined');
      client.drop();
    },
  });
  if (await client.opened) {
    await client.write(messageFrame({ type: 'session.join', joinCode, targetLanguages: ['es'], ...how }));
  }
  await client.closed;
}
