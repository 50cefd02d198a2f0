import { setTimeout as delay } from 'node:timers/promises';
import type { LiveSpeaker, TestStack } from '../harness/index.ts';
import type { SentinelTopology } from '../harness/topologies/index.ts';
import { expectComplete, finalsOf, nextFinal, startTalker, talk } from './session-with-kills.ts';

/** Events with their times, which explain a final that was sent again. */
class Timeline {
  readonly #events: [atMs: number, event: string][] = [];

  note(event: string, atMs = performance.now()): void {
    this.#events.push([atMs, event]);
  }

  toString(): string {
    return this.#events
      .toSorted(([one], [other]) => one - other)
      .map(([atMs, event]) => `${Math.round(atMs)} ${event}\n`)
      .join('');
  }
}

/** How long the master writes what no replica gets. */
const lostMs = 700;

interface Failover {
  readonly topology: SentinelTopology;
  /** With `longEngineTimeouts`. */
  readonly stack: TestStack;
  /** Whether results are lost too, and not only finals. */
  readonly losesResults: boolean;
}

/** Resolves when the results of calls that had been answered before have come. */
async function resultsEnd(speakers: readonly LiveSpeaker[]): Promise<void> {
  const received = (): number => speakers.reduce((sum, speaker) => sum + finalsOf(speaker), 0);
  let before: number;
  do {
    before = received();
    await delay(lostMs);
  } while (received() > before);
}

/**
 * Sentences are spoken while the replicas are cut off, the master dies, and a replica without its last writes becomes the
 * master. Nothing is missing in the end. Resolves with the number of finals that were sent again although they had been accepted.
 */
export async function talkThroughFailover({ topology, stack, losesResults }: Failover): Promise<number> {
  await using speaker = await startTalker(stack);
  await using other = await startTalker(stack);
  const speakers = [speaker, other];
  const timeline = new Timeline();
  const stop = new AbortController();
  const talks = speakers.map((each) => talk(each, stop.signal));
  await Promise.all(speakers.map((each) => nextFinal(each)));
  const master = await topology.master();
  if (!losesResults) {
    await stack.postToEngine('/debug/hold', { on: true });
    await resultsEnd(speakers);
  }
  await topology.cutReplicas();
  timeline.note('the replicas are cut off');
  await delay(lostMs);
  await master.kill();
  timeline.note('the master is killed');
  await topology.promoted(master);
  timeline.note('a replica is promoted');
  await topology.connectReplicas();
  timeline.note('the other replica is connected');
  if (!losesResults) {
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
  }
  await Promise.all(speakers.map((each) => nextFinal(each, 60_000)));
  await master.start();
  timeline.note('the former master runs');
  await Promise.all(speakers.map((each) => nextFinal(each, 60_000)));
  stop.abort();
  const sentences = await Promise.all(talks);
  for (const [index, each] of speakers.entries()) await expectComplete(each, sentences[index] ?? 0);
  const sentAgain = speakers.flatMap((each) => each.sentAgain);
  for (const { segmentId, acceptedAtMs, sentAtMs } of sentAgain) {
    timeline.note(`final ${segmentId} is accepted`, acceptedAtMs);
    timeline.note(`final ${segmentId} is sent again`, sentAtMs);
  }
  if (sentAgain.length > 0) process.stderr.write(String(timeline));
  return sentAgain.length;
}
