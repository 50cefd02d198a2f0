import type { Attack } from '../attack.ts';
import { messageFrame, textFrame } from '../frames.ts';
import { RawClient } from '../raw-client.ts';
import { exchange, requestBytes } from '../raw-request.ts';
import { repeat } from '../repeat.ts';

const ping = Buffer.concat(Array<Buffer>(100).fill(textFrame('{"type":"ping"}')));

/** Attacks of clients that never read what they are sent. */
export const slowReaderAttacks: readonly Attack[] = [
  {
    name: '300 listeners that never read',
    run: ({ port, joinCode }, tally, signal) =>
      repeat(300, signal, async () => {
        const client = new RawClient({ port, access: `join.${joinCode}`, tally, signal });
        if (await client.opened) {
          client.stopReading();
          await client.write(messageFrame({ type: 'session.join', joinCode, targetLanguages: ['es'], offset: 0 }));
        }
        await client.closed;
      }),
  },
  {
    name: 'pings on 100 sockets with a key whose answers are never read',
    run: ({ port, apiKey }, tally, signal) =>
      repeat(100, signal, async () => {
        const client = new RawClient({ port, access: `bearer.${apiKey}`, tally, signal });
        if (await client.opened) client.stopReading();
        while (!client.isClosed) {
          await client.write(ping);
          tally.count('sent', 100);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }),
  },
  {
    name: '300 event streams that are never read',
    run: ({ port, joinCode }, tally, signal) => {
      const pieces = [requestBytes({ path: `/v1/listen/${joinCode}/events?lang=es&offset=0` })];
      return repeat(300, signal, () => exchange({ port, pieces, stopsReading: true, tally, signal }));
    },
  },
];
