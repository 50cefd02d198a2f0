import { randomInt } from 'node:crypto';
import type { Attack } from '../attack.ts';
import { enterAndLeave } from '../enter.ts';
import { messageFrame } from '../frames.ts';
import { openOwnSession } from '../own-session.ts';
import { RawClient } from '../raw-client.ts';
import { repeat } from '../repeat.ts';

/** The alphabet of join codes is larger; a wrong code need not be a possible one. */
const wrongCode = (): string => String(randomInt(1e10)).padStart(10, '2');

const longText = 'a long final. '.repeat(700);

/** Attacks of listeners on their host, and of strangers on the way in. */
export const listenerAttacks: readonly Attack[] = [
  {
    name: '1,500 listener sockets in the session of the quiet tenant',
    cutsSpeakers: true,
    run: ({ port, joinCode }, tally, signal) =>
      repeat(1500, signal, async () => {
        const client = new RawClient({ port, access: `join.${joinCode}`, tally, signal });
        if (await client.opened) {
          await client.write(messageFrame({ type: 'session.join', joinCode, targetLanguages: ['es'] }));
        }
        await client.closed;
      }),
  },
  {
    name: 'reconnect storm of 60 listeners',
    cutsSpeakers: true,
    run: (target, tally, signal) => repeat(60, signal, () => enterAndLeave(target, {}, tally, signal)),
  },
  {
    name: 'wrong join codes',
    cutsSpeakers: true,
    run: ({ port }, tally, signal) =>
      repeat(60, signal, () => new RawClient({ port, access: `join.${wrongCode()}`, tally, signal }).closed),
  },
  {
    name: 'wrong keys',
    cutsSpeakers: true,
    run: ({ port }, tally, signal) =>
      repeat(60, signal, () => new RawClient({ port, access: `bearer.${wrongCode()}`, tally, signal }).closed),
  },
  {
    name: 'resumes of the session of the quiet tenant with wrong tokens',
    cutsSpeakers: true,
    run: ({ port, apiKey, sessionId }, tally, signal) =>
      repeat(60, signal, async () => {
        const client = new RawClient({ port, access: `bearer.${apiKey}`, tally, signal });
        const held = Array.from({ length: 2048 }, (_, index) => index);
        if (await client.opened) {
          await client.write(
            messageFrame({ type: 'session.resume', sessionId, resumeToken: wrongCode(), offset: 0, held }),
          );
        }
        await client.closed;
      }),
  },
  {
    name: 'listeners that enter a session with a full log',
    run: async (target, tally, signal) => {
      const session = await openOwnSession(
        target,
        { targetLanguages: ['en'], listenerLanguages: ['es'] },
        tally,
        signal,
      );
      if (session === undefined) return;
      const { client, started } = session;
      for (let number = 0; number < 300 && !client.isClosed; number++) {
        await client.write(messageFrame({ type: 'transcript.final', segmentId: number, text: longText }));
        await new Promise(setImmediate);
      }
      const own = { port: target.port, joinCode: started.joinCode };
      await repeat(60, signal, () => enterAndLeave(own, { offset: 0 }, tally, signal));
    },
  },
];
