import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startStack, workerMetric } from './harness/index.ts';
import { endAll, sayOn, startSpeakers, unfiltered, whenShown } from './open-segments/speakers.ts';

const quick = { ...unfiltered, ENGINE_LATENCY: '5/6,5/6' };

describe('a thousand open segments', () => {
  it.each([5, 15, 30])(
    'I1, I9: go on when Redis comes back after %d s, with what was said last',
    async (awayS) => {
      await using stack = await startStack({ workers: 2, env: quick });
      const speakers = await startSpeakers(stack, 50);
      sayOn(speakers, 20, 0);
      await whenShown(speakers, 20, 0, 60_000);
      process.kill(stack.redis.pid, 'SIGSTOP');
      let revision = 0;
      for (let second = 0; second < awayS; second++) {
        sayOn(speakers, 20, ++revision);
        await delay(1000);
      }
      process.kill(stack.redis.pid, 'SIGCONT');
      const backAtMs = performance.now();
      // While Redis is away partials are dropped: the first one that arrives afterwards is to be shown.
      const shown = whenShown(speakers, 20, revision + 1, 60_000).then(() => 'shown');
      do sayOn(speakers, 20, ++revision);
      while ((await Promise.race([shown, delay(1000)])) !== 'shown');
      const tookMs = Math.round(performance.now() - backAtMs);
      process.stderr.write(`1,000 segments show the newest revision ${tookMs} ms after Redis is back\n`);
      await endAll(speakers);
    },
    180_000,
  );

  it('I9: of which a worker that is told to stop holds half are taken over', async () => {
    await using stack = await startStack({ workers: 2, env: quick });
    const speakers = await startSpeakers(stack, 50);
    sayOn(speakers, 20, 0);
    await whenShown(speakers, 20, 0, 60_000);
    const toldAtMs = performance.now();
    const stopped = stack.workers[0]?.child.stop();
    sayOn(speakers, 20, 1);
    await whenShown(speakers, 20, 1, 60_000);
    const tookMs = Math.round(performance.now() - toldAtMs);
    process.stderr.write(`1,000 segments go on with one worker of two after ${tookMs} ms\n`);
    expect(await stopped).toMatchObject({ code: 0 });
    await endAll(speakers);
  }, 180_000);
});

describe('three hundred open segments', () => {
  it('share twenty calls at the engine: each is shown, and the newest of each at last', async () => {
    // Twenty calls of 200 ms are a hundred a second: a round of all segments takes three.
    const env = { ...unfiltered, ENGINE_LATENCY: '200/210,1/2', PARTIAL_CONCURRENCY: '10' };
    await using stack = await startStack({ workers: 2, env });
    const speakers = await startSpeakers(stack, 30);
    const last = 40;
    for (let revision = 0; revision <= last; revision++) {
      sayOn(speakers, 10, revision);
      await delay(250);
    }
    await whenShown(speakers, 10, last, 30_000);
    const shown = speakers.map(({ messages }) => messages.filter(({ type }) => type === 'translation.partial').length);
    const [least, most] = [Math.min(...shown), Math.max(...shown)];
    const superseded = await workerMetric(stack, 'parley_worker_partials_superseded_total');
    process.stderr.write(`a session was shown ${least} to ${most} revisions; ${superseded} were superseded\n`);
    expect(least).toBeGreaterThan(0.6 * most);
    await endAll(speakers);
  }, 180_000);
});
