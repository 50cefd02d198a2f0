import type { Attack } from '../attack.ts';
import { messageFrame } from '../frames.ts';
import { flood, manyTargets, openOwnSession } from '../own-session.ts';
import { repeat } from '../repeat.ts';

const longText = 'words of a talk that goes on for quite a while, '.repeat(208).slice(0, 9900);
const everyTarget = { targetLanguages: manyTargets };
const fourSessions = 4;

/** Attacks on Redis: what is stored and queued. */
export const floodAttacks: readonly Attack[] = [
  {
    name: 'long partials to 20 targets',
    run: (target, tally, signal) =>
      repeat(fourSessions, signal, () =>
        flood(
          target,
          everyTarget,
          (number) => {
            const [segmentId, revision] = [number % 32, Math.floor(number / 32)];
            return messageFrame({ type: 'transcript.partial', segmentId, revision, text: `${number} ${longText}` });
          },
          tally,
          signal,
        ),
      ),
  },
  {
    name: 'short finals from one socket',
    run: (target, tally, signal) =>
      repeat(1, signal, () =>
        flood(
          target,
          {},
          (segmentId) => messageFrame({ type: 'transcript.final', segmentId, text: `Final ${segmentId}.` }),
          tally,
          signal,
        ),
      ),
  },
  {
    name: 'a full log that goes on',
    run: (target, tally, signal) =>
      repeat(fourSessions, signal, () =>
        flood(
          target,
          // Its own language needs no engine, so nothing but the log is the limit.
          { targetLanguages: ['en'] },
          (segmentId) => messageFrame({ type: 'transcript.final', segmentId, text: `${segmentId} ${longText}` }),
          tally,
          signal,
        ),
      ),
  },
  {
    name: 'a new segment with each partial, 20 targets',
    run: (target, tally, signal) =>
      repeat(fourSessions, signal, () =>
        flood(
          target,
          everyTarget,
          (segmentId) =>
            messageFrame({ type: 'transcript.partial', segmentId, revision: 0, text: `Part ${segmentId}` }),
          tally,
          signal,
        ),
      ),
  },
  {
    name: 'sessions that are started and left',
    run: (target, tally, signal) =>
      repeat(60, signal, async () => {
        const session = await openOwnSession(target, everyTarget, tally, signal);
        if (session !== undefined) tally.count('started');
        session?.client.drop();
      }),
  },
];
