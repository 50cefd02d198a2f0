import { manyTargets } from '../hostile/own-session.ts';

/** What is sent before the measured frame on a connection. */
type Stage = 'connected' | 'session' | 'joined';

export interface WorstFrame {
  readonly name: string;
  readonly stage: Stage;
  /** Whether only one such frame makes sense on a connection. */
  readonly isSingle?: boolean;
  /** Returns the frame for a number that grows from 0 on each connection. */
  readonly frame: (number: number) => string;
}

const frameBytes = 256 * 1024;
const text = 'words of a talk that goes on for quite a while, é '.repeat(200).slice(0, 10_000);
const options = {
  targetLanguages: manyTargets,
  glossary: Array.from({ length: 500 }, (_, index) => ({
    source: `term ${index}`.padEnd(50, 'x'),
    target: 'y'.repeat(50),
  })),
  context: 'c'.repeat(2000),
  listenerLanguages: Array.from({ length: 200 }, (_, index) => `es-x-${index.toString().padStart(8, 'a')}`),
};
export const session = { type: 'session.start', sourceLanguage: 'en', targetLanguages: manyTargets };

const json = (message: object): string => JSON.stringify(message);
const partial = '{"type":"transcript.partial","segmentId":1,"revision":1,"text":';
const filled = (start: string, part: string, end: string): string =>
  start + part.repeat(Math.floor((frameBytes - start.length - end.length) / Buffer.byteLength(part))) + end;
const always = (name: string, frame: string): WorstFrame => ({ name, stage: 'session', frame: () => frame });

/** The most expensive frame of each type that is accepted, at all of its bounds. */
export const acceptedFrames: readonly WorstFrame[] = [
  {
    name: '`session.start`, all options',
    stage: 'connected',
    isSingle: true,
    frame: () => json({ ...session, ...options }),
  },
  {
    name: '`session.update`, all options',
    stage: 'session',
    frame: () => json({ type: 'session.update', ...options }),
  },
  {
    name: '`session.resume`, 2,048 held, a wrong session',
    stage: 'connected',
    isSingle: true,
    frame: () =>
      json({
        type: 'session.resume',
        sessionId: 'x'.repeat(100),
        resumeToken: 'y'.repeat(200),
        offset: 0,
        held: Array.from({ length: 2048 }, (_, index) => 1e15 + index),
      }),
  },
  {
    name: '`session.join`, 20 languages, of a listener',
    stage: 'joined',
    frame: (number) => json({ type: 'session.join', joinCode: 'CODE', targetLanguages: manyTargets, id: `${number}` }),
  },
  {
    name: '`transcript.partial`, 20 targets',
    stage: 'session',
    frame: (segmentId) => json({ type: 'transcript.partial', segmentId, revision: 0, text, stable: text }),
  },
  {
    name: '`transcript.final`, 20 targets',
    stage: 'session',
    frame: (segmentId) => json({ type: 'transcript.final', segmentId, text }),
  },
  {
    name: '`transcript.correct` of another session',
    stage: 'connected',
    frame: (segmentId) => json({ type: 'transcript.correct', sessionId: 'x'.repeat(100), segmentId, text }),
  },
  { name: '`ping`', stage: 'connected', frame: (number) => json({ type: 'ping', id: `${number}`.padEnd(200, 'x') }) },
];

/** The most expensive frames that are refused, or of which fields are ignored: up to 256 KiB each. */
export const refusedFrames: readonly WorstFrame[] = [
  always('52,000 languages', filled('{"type":"session.update","listenerLanguages":[', '"es",', '"es"]}')),
  always(
    '200 languages, of 1,250 characters each',
    json({
      type: 'session.update',
      listenerLanguages: Array<string>(200).fill('a-b'.repeat(416)),
    }),
  ),
  always('a glossary of 20,000 terms', filled('{"type":"session.update","glossary":[', '{"source":"a"},', '{}]}')),
  always('`stable` of 256 KiB', filled(`${partial}"a","stable":"`, 'é, ', '"}')),
  always('`text` of 256 KiB', filled(`${partial}"`, 'é, ', '"}')),
  always('`text` of escapes', filled(`${partial}"`, '\\u00e9', '"}')),
  always('`held` of 130,000', filled('{"type":"session.resume","held":[', '1,', '1]}')),
  always('depth of 130,000', filled(partial, '[', '')),
  always('depth of 16, 8,000 times', filled(`${partial}[`, `${'['.repeat(14)}${']'.repeat(14)},`, '1]}')),
  always('a number of 262,000 digits', filled(`${partial}"a","startMs":`, '9', '}')),
  always(
    '20,000 unknown fields',
    `{"type":"ping"${Array.from({ length: 20_000 }, (_, index) => `,"f${index}":1`).join('')}}`,
  ),
  always('no JSON', filled('', 'x', '')),
];
