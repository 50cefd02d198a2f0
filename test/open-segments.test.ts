import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startStack, type LiveSpeaker, type TestStack } from './harness/index.ts';
import { endAll, sayOn, startSpeakers, unfiltered, whenShown } from './open-segments/speakers.ts';

/** Returns the smallest number of segments held by a thread; 0 while there is only one thread. */
async function leastHeld({ redis }: TestStack): Promise<number> {
  const said = Object.values(await redis.connect().hgetall('segment-holders')).map((text) =>
    text.split(' ').map(Number),
  );
  const held = said.flatMap(([count = 0, untilMs = 0]) => (untilMs > Date.now() ? count : []));
  return held.length < 2 ? 0 : Math.min(...held);
}

describe('open segments that worker threads hold', () => {
  let stack: TestStack;
  let speakers: LiveSpeaker[];
  beforeEach(async () => {
    stack = await startStack({ workers: 2, env: { ...unfiltered, ENGINE_LATENCY: '5/6,5/6' } });
    speakers = await startSpeakers(stack, 10);
  });
  afterEach(async () => {
    for (const speaker of speakers) await speaker[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  it('are shared with a worker that starts later', async () => {
    await stack.kill('workers', 1);
    sayOn(speakers, 30, 0);
    await whenShown(speakers, 30, 0, 15_000);
    await stack.restart('workers', 1);
    const joinedAtMs = performance.now();
    let revision = 0;
    let least = 0;
    // A generous limit; it takes about five seconds.
    while (least < 100 && performance.now() - joinedAtMs < 40_000) {
      sayOn(speakers, 30, ++revision);
      await delay(1000);
      least = await leastHeld(stack);
    }
    const tookMs = Math.round(performance.now() - joinedAtMs);
    process.stderr.write(`a late worker holds ${least} of 300 segments after ${tookMs} ms\n`);
    expect(least).toBeGreaterThanOrEqual(100);
    sayOn(speakers, 30, ++revision);
    await whenShown(speakers, 30, revision, 15_000);
    await endAll(speakers);
  });

  it('I1, I9: move to another worker while theirs is frozen, which shows nothing more when it resumes', async () => {
    sayOn(speakers, 3, 0);
    await whenShown(speakers, 3, 0, 15_000);
    const pid = stack.workers[0]?.child.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    let revision = 0;
    const stoppedAtMs = performance.now();
    while (performance.now() - stoppedAtMs < 6000) {
      sayOn(speakers, 3, ++revision);
      await delay(200);
    }
    await whenShown(speakers, 3, revision, 10_000);
    process.kill(pid, 'SIGCONT');
    for (const last = revision + 20; revision < last;) {
      sayOn(speakers, 3, ++revision);
      await delay(100);
    }
    await whenShown(speakers, 3, revision, 10_000);
    await endAll(speakers);
  });

  it('I9: move to another worker at once when theirs stops', async () => {
    sayOn(speakers, 20, 0);
    await whenShown(speakers, 20, 0, 15_000);
    const stopped = stack.workers[0]?.child.stop();
    sayOn(speakers, 20, 1);
    await whenShown(speakers, 20, 1, 10_000);
    expect(await stopped).toMatchObject({ code: 0 });
    await endAll(speakers);
  });
});
