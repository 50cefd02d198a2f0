import { setTimeout as delay } from 'node:timers/promises';
import type { TestStack } from '../harness/index.ts';
import type { SentinelTopology } from '../harness/topologies/index.ts';
import { expectComplete, nextFinal, startTalker, talk } from './session-with-kills.ts';

/** How long the master writes what no replica gets. */
const lostMs = 700;

interface Failover {
  readonly topology: SentinelTopology;
  /** With `longEngineTimeouts`. */
  readonly stack: TestStack;
  /** Whether results are lost too, and not only finals. */
  readonly losesResults: boolean;
}

/**
 * Sentences are spoken while the replicas are cut off, the master dies, and a replica without its last writes becomes the
 * master. Nothing is missing in the end. Resolves with the number of finals that were sent again although they had been accepted.
 */
export async function talkThroughFailover({ topology, stack, losesResults }: Failover): Promise<number> {
  await using speaker = await startTalker(stack);
  await using other = await startTalker(stack);
  const speakers = [speaker, other];
  const stop = new AbortController();
  const talks = speakers.map((each) => talk(each, stop.signal));
  await Promise.all(speakers.map((each) => nextFinal(each)));
  const master = await topology.master();
  if (!losesResults) {
    await stack.postToEngine('/debug/hold', { on: true });
    // The results of calls that had been answered before.
    await delay(lostMs);
  }
  await topology.cutReplicas();
  await delay(lostMs);
  await master.kill();
  await topology.promoted(master);
  await topology.connectReplicas();
  if (!losesResults) {
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
  }
  await Promise.all(speakers.map((each) => nextFinal(each, 60_000)));
  await master.start();
  await Promise.all(speakers.map((each) => nextFinal(each, 60_000)));
  stop.abort();
  const sentences = await Promise.all(talks);
  for (const [index, each] of speakers.entries()) await expectComplete(each, sentences[index] ?? 0);
  return speaker.sentAgain.size + other.sentAgain.size;
}
