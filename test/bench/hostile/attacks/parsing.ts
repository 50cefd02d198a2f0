import type { Attack } from '../attack.ts';
import { messageFrame, textFrame } from '../frames.ts';
import { flood } from '../own-session.ts';
import { repeat } from '../repeat.ts';

const sockets = 4;
/** Just below the limit of a frame. */
const frameChars = 256 * 1024 - 200;

const parsed = (name: string, frame: Buffer): Attack => ({
  name,
  run: (target, tally, signal) => repeat(sockets, signal, () => flood(target, {}, () => frame, tally, signal)),
});

const opening = '{"type":"transcript.partial","segmentId":1,"revision":1,';

/** Attacks on the CPU of an edge: frames that are expensive to read. */
export const parsingAttacks: readonly Attack[] = [
  parsed(
    'lists of 52,000 tags',
    messageFrame({ type: 'session.update', listenerLanguages: Array<string>(52_000).fill('es') }),
  ),
  parsed(
    '`stable` of 258 kB',
    messageFrame({
      type: 'transcript.partial',
      segmentId: 1,
      revision: 1,
      text: 'a',
      stable: 'é, '.repeat(frameChars / 4),
    }),
  ),
  parsed(
    'deep nesting',
    textFrame(`${opening}"text":${'['.repeat(frameChars / 2)}${']'.repeat(frameChars / 2 - 100)}}`),
  ),
  parsed('huge numbers', textFrame(`${opening}"text":"a","startMs":${'9'.repeat(frameChars - 100)}}`)),
  parsed(
    'the largest glossaries',
    messageFrame({
      type: 'session.update',
      glossary: Array.from({ length: 500 }, (_, index) => ({
        source: `${index}`.padEnd(200, 'x'),
        target: 'y'.repeat(200),
      })),
    }),
  ),
];
