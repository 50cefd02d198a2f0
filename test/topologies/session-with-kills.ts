import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { expect } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, type LiveSpeaker, type TestStack } from '../harness/index.ts';

const targets = ['es', 'ca'];
const judge = { sourceOf: sourceOfMarked };

/** Starts a session whose history is checked. */
export function startTalker(stack: TestStack, ordered = false): Promise<LiveSpeaker> {
  const options = { sourceLanguage: 'en', targetLanguages: targets, stability: 'off' as const, ordered };
  return startLiveSpeaker(stack, options, judge);
}

/** Sentences whose finals are outstanding; a busy machine needs no more of them. */
const maxOutstanding = 30;
const pauseMs = 75;
/** Includes the time until Redis is back. */
const acceptedWithinMs = 120_000;

/**
 * Sends sentences with two partials each until the signal; no other session says the same, so each of them needs the engine. Resolves with
 * their number when all are accepted.
 */
export async function talk(speaker: LiveSpeaker, signal: AbortSignal): Promise<number> {
  const { session } = speaker;
  const { sessionId } = session.started;
  const accepted: Promise<void>[] = [];
  let segmentId = 0;
  for (; !signal.aborted; segmentId++) {
    for (let revision = 0; revision < 2; revision++) {
      session.sendPartial({
        segmentId,
        revision,
        text: `${sessionId}: sentence ${segmentId} ${'word '.repeat(revision)}`,
      });
      await delay(pauseMs);
    }
    accepted.push(
      session.sendFinal(
        { segmentId, text: `${sessionId}: sentence ${segmentId} is over` },
        { timeoutMs: acceptedWithinMs },
      ),
    );
    const missing = (): number => (segmentId + 1) * targets.length - finalsOf(speaker);
    const mayGoOn = (): boolean => signal.aborted || missing() <= maxOutstanding * targets.length;
    while (!mayGoOn()) await delay(pauseMs);
  }
  await Promise.all(accepted);
  return segmentId;
}

/** The number of different finals that a client received. */
export function finalsOf({ messages }: Pick<LiveSpeaker, 'messages'>): number {
  const finals = messages.flatMap((message) =>
    message.type === 'translation.final' ? [`${message.segmentId} ${message.targetLanguage}`] : [],
  );
  return new Set(finals).size;
}

/** Ends a session, in which this many sentences were spoken: every final has arrived once. */
export async function expectComplete(speaker: LiveSpeaker, sentences: number): Promise<void> {
  const report = await speaker.end();
  expect(report).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
  expect(finalsOf(speaker)).toBe(sentences * targets.length);
}

/** Resolves with the next final that is received from now on. */
export async function nextFinal({ messages, waitForMessage }: LiveSpeaker, timeoutMs = 20_000): Promise<void> {
  const known = new Set(messages);
  await waitForMessage((message) => message.type === 'translation.final' && !known.has(message), timeoutMs);
}

/**
 * Sessions are spoken, listened to and resumed, while a worker and an edge are killed and replaced: the same in every
 * topology. The stack needs two edges and two workers.
 */
export async function expectSessionsSurviveKills(stack: TestStack): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const speakers = await Promise.all([0, 1, 2].map((index) => startTalker(stack, index === 0)));
  for (const speaker of speakers) resources.use(speaker);
  const listeners = await Promise.all(
    speakers.map(({ session }) =>
      startLiveListener(stack, { joinCode: session.started.joinCode, targetLanguages: ['es', 'en'] }),
    ),
  );
  for (const listener of listeners) resources.use(listener);
  const stop = new AbortController();
  const talks = speakers.map((speaker) => talk(speaker, stop.signal));
  await Promise.all(speakers.map((speaker) => nextFinal(speaker)));
  await stack.kill('workers', 0);
  await stack.kill('edges', 0);
  speakers[2]?.socket.cut();
  await Promise.all([stack.restart('workers', 0), stack.restart('edges', 0)]);
  await Promise.all(speakers.map((speaker) => nextFinal(speaker)));
  stop.abort();
  const sentences = await Promise.all(talks);
  for (const [index, speaker] of speakers.entries()) await expectComplete(speaker, sentences[index] ?? 0);
  for (const [index, listener] of listeners.entries()) {
    const host = speakers[index];
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(host && listener.judge(host)).toEqual([]);
  }
}
