import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { engineOf, startStack, type TestStack } from './harness/index.ts';
import type { TestProcess } from './harness/process.ts';
import { startSpeaker } from './harness/speaker.ts';

const english = { sourceLanguage: 'en', targetLanguages: ['es'] };

function onlyWorker({ workers: [worker] }: TestStack): TestProcess {
  if (worker === undefined) throw new Error('the stack has no worker');
  return worker;
}

describe('a stopping worker', () => {
  it('I3: finishes its finals, drops its partials at once, and exits with 0', async () => {
    await using stack = await startStack({ env: { WORKERS: 'process' } });
    const engine = engineOf(stack);
    const { child } = onlyWorker(stack);
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    await engine.hold(true);
    await speaker.session.sendFinal({ segmentId: 1, text: 'a final' });
    speaker.session.sendPartial({ segmentId: 2, revision: 0, text: 'a partial' });
    await engine.held(2);
    const exited = child.stop();
    await engine.when(({ aborted }) => aborted === 1);
    expect((await engine.held()).map(({ text }) => text)).toEqual(['a final']);
    await engine.release({ all: true });
    await speaker.waitForMessage(({ type }) => type === 'translation.final');
    expect(await exited).toMatchObject({ code: 0 });
    expect((await engine.stats()).requests).toBe(2);
  });

  it('I3: requeues unfinished jobs for another worker, without counting them as stalled', async () => {
    await using stack = await startStack({ workers: 2, env: { WORKERS: 'process', SHUTDOWN_TIMEOUT_MS: '3000' } });
    const engine = engineOf(stack);
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    await engine.hold(true);
    const texts = Array.from({ length: 12 }, (_, index) => `sentence ${index}`);
    for (const [segmentId, text] of texts.entries()) await speaker.session.sendFinal({ segmentId, text });
    await engine.held(12);
    expect(await stack.workers[0]?.child.stop()).toMatchObject({ code: 0 });
    const { aborted } = await engine.stats();
    expect(aborted).toBeGreaterThan(0);
    await engine.when(({ requests }) => requests === 12 + aborted);
    const held = await engine.held(12);
    expect(held.map(({ text }) => text).sort()).toEqual([...texts].sort());
    const redis = stack.redis.connect();
    for (const job of await redis.keys('bull:{parley-final-0}:*/*')) {
      if ((await redis.type(job)) === 'hash') expect(await redis.hget(job, 'stc')).toBeNull();
    }
    await engine.hold(false);
    await engine.release({ all: true });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 12 } });
  });

  it('exits at once on a second signal', async () => {
    await using stack = await startStack({ env: { WORKERS: 'process', SHUTDOWN_TIMEOUT_MS: '600000' } });
    const engine = engineOf(stack);
    const worker = onlyWorker(stack);
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    await engine.hold(true);
    await speaker.session.sendFinal({ segmentId: 1, text: 'a final' });
    await engine.held(1);
    process.kill(worker.child.pid, 'SIGTERM');
    while (!worker.output().includes('"stopping"')) await sleep(10);
    // Within 300 ms, a second signal counts as a duplicate of the first.
    await sleep(350);
    process.kill(worker.child.pid, 'SIGTERM');
    expect(await worker.child.exited).toMatchObject({ code: 143 });
  });
});
