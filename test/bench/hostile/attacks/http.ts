import type { Attack, Target } from '../attack.ts';
import { messageFrame } from '../frames.ts';
import { openOwnSession } from '../own-session.ts';
import { exchange, requestBytes } from '../raw-request.ts';
import { repeat } from '../repeat.ts';

const authorization = ({ apiKey }: Target): string => `Authorization: Bearer ${apiKey}`;
const tokenBody = JSON.stringify({ scope: 'speak', expiresInSeconds: 60 });
const events = ({ joinCode }: Target): Buffer => requestBytes({ path: `/v1/listen/${joinCode}/events?lang=es` });

const requests = (name: string, connections: number, bytesOf: (target: Target) => Buffer): Attack => ({
  name,
  run: (target, tally, signal) =>
    repeat(connections, signal, () => exchange({ port: target.port, pieces: [bytesOf(target)], tally, signal })),
});

/** Attacks over HTTP. */
export const httpAttacks: readonly Attack[] = [
  {
    name: '3,000 connections that send nothing',
    run: ({ port }, tally, signal) => repeat(3000, signal, () => exchange({ port, pieces: [], tally, signal })),
  },
  {
    name: '1,000 heads and bodies that arrive a byte a second',
    run: ({ port }, tally, signal) => {
      const request = requestBytes({ method: 'POST', path: '/v1/tokens', body: tokenBody });
      return repeat(1000, signal, (index) => {
        const cut = index % 2 === 0 ? 40 : request.byteLength - 20;
        const pieces = [request.subarray(0, cut), Buffer.from('x')];
        return exchange({ port, pieces, intervalMs: 1000, tally, signal });
      });
    },
  },
  requests('requests without a key', 60, () => requestBytes({ path: '/v1/sessions' })),
  requests('tokens', 60, (target) =>
    requestBytes({ method: 'POST', path: '/v1/tokens', headers: [authorization(target)], body: tokenBody }),
  ),
  {
    name: 'transcripts of a long session',
    run: async (target, tally, signal) => {
      const session = await openOwnSession(target, { targetLanguages: ['en'] }, tally, signal);
      if (session === undefined) return;
      const { client, started } = session;
      for (let segmentId = 0; segmentId < 100; segmentId++) {
        await client.write(messageFrame({ type: 'transcript.final', segmentId, text: 'a long final. '.repeat(700) }));
      }
      const path = `/v1/sessions/${started.sessionId}/transcript.srt?lang=en`;
      const pieces = [requestBytes({ path, headers: [authorization(target)] })];
      await repeat(60, signal, () => exchange({ port: target.port, pieces, tally, signal }));
    },
  },
  requests('1,000 event streams in the session of the quiet tenant', 1000, events),
];
