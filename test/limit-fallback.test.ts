import { expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import {
  endpointLabel,
  engineOf,
  startLiveSpeaker,
  startStack,
  workerMetric,
  type TestStack,
} from './harness/index.ts';
import { until } from './harness/until.ts';

const languages = ['es', 'ca', 'fr', 'de', 'it'];
const sessions = 8;
const workers = 2;
const finals = sessions * languages.length;
/** Of 1,200 requests per minute 95% are used, half by each of two threads. */
const eachPerMs = (1200 * 0.95) / 60_000 / workers;

/** Resolves when every thread has registered since all were running, so that each knows their number. */
async function whenAllKnowEachOther(redis: Redis): Promise<void> {
  const leases = async (): Promise<number[]> => {
    const [key = ''] = await redis.keys('rl:*:threads');
    return (await redis.zrange(key, '0', '-1', 'WITHSCORES')).filter((_, index) => index % 2 === 1).map(Number);
  };
  await until('every thread has registered', async () => (await leases()).length === workers);
  const latest = Math.max(...(await leases()));
  await until('every thread has registered again', async () => Math.min(...(await leases())) >= latest);
}

/** The first replies are no translations, so each final makes a second call at once. */
async function holdUselessReplies(stack: TestStack): Promise<void> {
  await engineOf(stack).fail({ reply: '', times: finals });
  await engineOf(stack).hold(true);
}

it('I29: without Redis each thread uses its share of the limit, and reports it, until Redis is back', async () => {
  await using stack = await startStack({
    workers,
    env: { WORKERS: 'process', OPENAI_RPM: '1200', BATCHING: 'off', FINAL_CONCURRENCY: String(finals / workers) },
  });
  const engine = engineOf(stack);
  const endpoint = endpointLabel(stack);
  const fallbackThreads = (): Promise<number> =>
    workerMetric(stack, `parley_worker_limit_fallback_threads{${endpoint}}`);
  const grantedBy = (worker: TestStack['workers'][number]): Promise<number> =>
    workerMetric(
      { ...stack, workers: [worker] },
      `parley_worker_limit_calls_total{${endpoint},kind="final",result="granted"}`,
    );
  await whenAllKnowEachOther(stack.redis.connect());
  await using resources = new AsyncDisposableStack();
  const speakers = await Promise.all(
    Array.from({ length: sessions }, async () =>
      resources.use(await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: languages })),
    ),
  );
  await holdUselessReplies(stack);
  await Promise.all(
    speakers.map(({ session }, index) => session.sendFinal({ segmentId: 0, text: `session ${index} says something` })),
  );
  await engine.held(finals);
  const grantedBefore = await Promise.all(stack.workers.map(grantedBy));
  expect(await fallbackThreads()).toBe(0);

  // No new jobs arrive; the remaining calls are those of finals that the threads are processing.
  await stack.redis.kill();
  await engine.hold(false);
  const startedAtMs = performance.now();
  await engine.release({ all: true });
  let made = 0;
  let elapsedMs = 0;
  while (elapsedMs < 1000) {
    const { requests } = await engine.stats();
    made = requests - finals;
    elapsedMs = performance.now() - startedAtMs;
    expect(made).toBeLessThanOrEqual(elapsedMs * eachPerMs * workers);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(made).toBeGreaterThanOrEqual(workers);
  expect(await fallbackThreads()).toBe(workers);
  for (const [index, worker] of stack.workers.entries()) {
    const granted = (await grantedBy(worker)) - (grantedBefore[index] ?? 0);
    expect(granted).toBeGreaterThan(0);
    expect(granted).toBeLessThanOrEqual((performance.now() - startedAtMs) * eachPerMs);
  }

  await stack.redis.start();
  await until('no thread uses its share', async () => (await fallbackThreads()) === 0);
  for (const { violations, counts } of await Promise.all(speakers.map((speaker) => speaker.end()))) {
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ finalsTranslated: languages.length, finalsFailed: 0 });
  }
});
