import type { Attack } from '../attack.ts';
import { messageFrame } from '../frames.ts';
import { flood, manyTargets, openOwnSession } from '../own-session.ts';
import { repeat } from '../repeat.ts';

const longText = 'words of a talk that goes on for quite a while, '.repeat(208).slice(0, 9900);
const everyTarget = { targetLanguages: manyTargets };
const fourSessions = 4;
const manySessions = 50;

/** Returns an attack of so many sessions, each of which sends frames as fast as it can. */
function floodSessions(sessions: number, options: object, frameOf: (number: number) => Buffer): Attack['run'] {
  return (target, tally, signal) => repeat(sessions, signal, () => flood(target, options, frameOf, tally, signal));
}

function longPartial(number: number): Buffer {
  const [segmentId, revision] = [number % 32, Math.floor(number / 32)];
  return messageFrame({ type: 'transcript.partial', segmentId, revision, text: `${number} ${longText}` });
}

function newSegment(segmentId: number): Buffer {
  return messageFrame({ type: 'transcript.partial', segmentId, revision: 0, text: `Part ${segmentId}` });
}

function shortFinal(segmentId: number): Buffer {
  return messageFrame({ type: 'transcript.final', segmentId, text: `Final ${segmentId}.` });
}

function longFinal(segmentId: number): Buffer {
  return messageFrame({ type: 'transcript.final', segmentId, text: `${segmentId} ${longText}` });
}

/** Attacks on Redis: what is stored and queued. */
export const floodAttacks: readonly Attack[] = [
  { name: 'long partials to 20 targets', run: floodSessions(fourSessions, everyTarget, longPartial) },
  {
    name: 'long partials to 20 targets in 50 sessions',
    isAlone: true,
    run: floodSessions(manySessions, everyTarget, longPartial),
  },
  { name: 'short finals from one socket', run: floodSessions(1, {}, shortFinal) },
  // Its own language needs no engine, so nothing but the log is the limit.
  { name: 'a full log that goes on', run: floodSessions(fourSessions, { targetLanguages: ['en'] }, longFinal) },
  { name: 'a new segment with each partial, 20 targets', run: floodSessions(fourSessions, everyTarget, newSegment) },
  {
    name: 'a new segment with each partial, 20 targets in 50 sessions',
    isAlone: true,
    run: floodSessions(manySessions, everyTarget, newSegment),
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
