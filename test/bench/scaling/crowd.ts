import { once, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endlessTalk } from '../../../apps/cli/src/load/talk.ts';
import { RevisionCounter, TraceClock } from '../../../apps/cli/src/trace/playback.ts';
import { messageFrame } from '../hostile/frames.ts';
import { RawClient } from '../hostile/raw-client.ts';
import { Tally } from '../hostile/tally.ts';
import { readTalks } from '../recorded-segments.ts';

/** Run in a separate process by `run-crowd.ts`: speakers and listeners that only count, so that they leave the cores to what is measured. */

/** What sessions say: nothing, the recorded talks, their finals alone, or the same partial again and again. */
export type CrowdSpeech = 'none' | 'talk' | 'finals' | 'repeats';

export interface CrowdOrder {
  readonly port: number;
  /** That of the edge on which the listeners are. */
  readonly listenerPort: number;
  readonly apiKey: string;
  readonly sessions: number;
  readonly targets: readonly string[];
  /** Each hears one of the targets. */
  readonly listenersPerSession: number;
  readonly speech: CrowdSpeech;
  /** 2 plays talks twice as fast as they were recorded. */
  readonly speed: number;
}

export interface Opened {
  readonly sessionId: string;
}

/** Counts since the start of the crowd. */
export interface CrowdCounts {
  /** Transcripts sent by speakers. */
  readonly partials: number;
  readonly finals: number;
  /** Translations received by speakers. */
  readonly partialResults: number;
  readonly finalResults: number;
  /** Translations received by listeners. */
  readonly listenerFrames: number;
  /** Payloads of all messages to speakers and listeners. */
  readonly clientBytes: number;
  /** Errors and lost connections. */
  readonly problems: readonly string[];
}

export type CrowdReport =
  | { readonly type: 'ready'; readonly sessions: readonly Opened[] }
  | { readonly type: 'counts'; readonly counts: CrowdCounts };

/** Sessions that are started at the same time. */
const batch = 20;
const repeatEveryMs = 50;
const repeatedText = 'the same words again, as a recognizer sends them that has nothing new to say';

const talks = readTalks('PocketSphinx');
const tally = new Tally();
const stop = new AbortController();
setMaxListeners(0, stop.signal);
const counts: Record<keyof Omit<CrowdCounts, 'problems'>, number> = {
  partials: 0,
  finals: 0,
  partialResults: 0,
  finalResults: 0,
  listenerFrames: 0,
  clientBytes: 0,
};

/** Opens a connection that is counted, and resolves with the first message after its greeting. */
async function open(
  port: number,
  access: string,
  greeting: object,
  count: (text: string) => void,
): Promise<{ readonly client: RawClient; readonly answer: string }> {
  const answer = Promise.withResolvers<string>();
  const onText = (text: string): void => {
    counts.clientBytes += Buffer.byteLength(text);
    count(text);
    answer.resolve(text);
  };
  const client = new RawClient({ port, access, tally, signal: stop.signal, onText });
  void client.closed.then(() => answer.reject(new Error(`the edge closed a connection: ${problems().join(', ')}`)));
  answer.promise.catch(() => undefined);
  await client.opened;
  await client.write(messageFrame(greeting));
  const first = await answer.promise;
  if (first.startsWith('{"type":"error"')) throw new Error(`the edge refused a session or a listener: ${first}`);
  return { client, answer: first };
}

function countForHost(text: string): void {
  if (text.startsWith('{"type":"translation.partial"')) counts.partialResults++;
  else if (text.startsWith('{"type":"translation.final"')) counts.finalResults++;
}

function countForListener(text: string): void {
  if (text.startsWith('{"type":"translation.')) counts.listenerFrames++;
}

async function startSession(order: CrowdOrder, index: number): Promise<Opened> {
  const { port, listenerPort, apiKey, targets, listenersPerSession } = order;
  const greeting = { type: 'session.start', sourceLanguage: 'en', targetLanguages: targets };
  const { client, answer } = await open(port, `bearer.${apiKey}`, greeting, countForHost);
  const { sessionId, joinCode } = JSON.parse(answer) as { sessionId: string; joinCode: string };
  for (let first = 0; first < listenersPerSession; first += batch) {
    const joining = Array.from({ length: Math.min(batch, listenersPerSession - first) }, (_, nth) => {
      const target = targets[(first + nth) % targets.length] ?? '';
      const join = { type: 'session.join', joinCode, targetLanguages: [target] };
      return open(listenerPort, `join.${joinCode}`, join, countForListener);
    });
    await Promise.all(joining);
  }
  // Not all at the same moment.
  void sleep((index / order.sessions) * 1000).then(() => speak(client, order, index));
  return { sessionId };
}

async function speak(client: RawClient, order: CrowdOrder, index: number): Promise<void> {
  const send = (message: object): void => void client.write(messageFrame(message));
  if (order.speech === 'repeats') {
    for (let revision = 1; await pause(repeatEveryMs); revision++) {
      send({ type: 'transcript.partial', segmentId: 1, revision, text: repeatedText });
      counts.partials++;
    }
  }
  if (order.speech !== 'talk' && order.speech !== 'finals') return;
  const clock = new TraceClock(order.speed);
  const revisions = new RevisionCounter();
  const firstUtterance = Math.floor(index / talks.length) * 4 + (index % 3);
  // No two sessions say the same.
  const talk = endlessTalk(talks[index % talks.length] ?? [], firstUtterance, () => `${index} `);
  for (const { pauseMs, segmentId, final, text } of talk) {
    if (!(await clock.pause(pauseMs, stop.signal))) return;
    if (final) {
      send({ type: 'transcript.final', segmentId, text });
      counts.finals++;
    } else if (order.speech === 'talk') {
      send({ type: 'transcript.partial', segmentId, revision: revisions.next(segmentId), text });
      counts.partials++;
    }
  }
}

async function pause(ms: number): Promise<boolean> {
  return sleep(ms, true, { signal: stop.signal }).catch(() => false);
}

function problems(): string[] {
  return tally.entries.map(([what, times]) => `${what}: ${times} times`);
}

function tell(report: CrowdReport): void {
  process.send?.(report);
}

const [order] = (await once(process, 'message')) as [CrowdOrder];
process.once('disconnect', () => process.exit());
process.on('message', () => tell({ type: 'counts', counts: { ...counts, problems: problems() } }));
const opened: Opened[] = [];
while (opened.length < order.sessions) {
  const first = opened.length;
  const starting = Array.from({ length: Math.min(batch, order.sessions - first) }, (_, nth) =>
    startSession(order, first + nth),
  );
  opened.push(...(await Promise.all(starting)));
}
tell({ type: 'ready', sessions: opened });
