import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineOf, startLiveSpeaker, startStack, type TestStack } from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';

describe('a worker that is killed', () => {
  let stack: TestStack;
  beforeAll(
    async () => (stack = await startStack({ workers: 2, env: { WORKERS: 'process', ENGINE_LATENCY: '100/200,1/2' } })),
  );
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I3, I9: during 20 finals and a partial only delays them', async () => {
    const random = seededRandom(testSeed('a worker killed'));
    for (let round = 0; round < 3; round++) {
      await using speaker = await startLiveSpeaker(
        stack,
        { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' },
        { sourceOf: sourceOfMarked, exactPartials: true },
      );
      const { session } = speaker;
      const accepted = Array.from({ length: 20 }, (_, segmentId) =>
        session.sendFinal({ segmentId, text: `sentence ${segmentId}` }),
      );
      for (let revision = 0; revision < 5; revision++) {
        session.sendPartial({ segmentId: 20, revision, text: `and then ${'word '.repeat(revision)}`.trim() });
      }
      await Promise.all(accepted);
      await new Promise((resolve) => setTimeout(resolve, random() * 150));
      const killedAtMs = performance.now();
      const victim = round % 2;
      await stack.kill('workers', victim);
      const newest = await speaker.waitForMessage(
        (message) => message.type === 'translation.partial' && message.segmentId === 20 && message.revision === 4,
      );
      const partialAfterMs = performance.now() - killedAtMs;
      expect(newest).toMatchObject({ tentative: '[es] and then word word word word' });
      for (let segmentId = 0; segmentId < 20; segmentId++) {
        await speaker.waitForMessage(
          (message) => message.type === 'translation.final' && message.segmentId === segmentId,
        );
      }
      const finalsAfterMs = performance.now() - killedAtMs;
      process.stderr.write(
        `newest partial after ${Math.round(partialAfterMs)} ms, finals ${Math.round(finalsAfterMs)} ms\n`,
      );
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 20, finalsFailed: 0 } });
      // Goals: 5 and 8 s.
      expect(partialAfterMs).toBeLessThan(10_000);
      expect(finalsAfterMs).toBeLessThan(16_000);
      await stack.restart('workers', victim);
    }
  });

  it('I9: during a partial call has its newest revision requeued by the edge', async () => {
    const engine = engineOf(stack);
    await using speaker = await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'] });
    await stack.kill('workers', 1);
    await engine.hold(true);
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'the last word before a pause' });
    await engine.held(1);
    await stack.kill('workers', 0);
    await engine.hold(false);
    await engine.release({ all: true });
    await stack.restart('workers', 0);
    await stack.restart('workers', 1);
    expect(await speaker.waitForMessage(({ type }) => type === 'translation.partial', 10_000)).toMatchObject({
      revision: 0,
    });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('I9: and a client that reconnects before a pause still show the newest partial', async () => {
    const engine = engineOf(stack);
    await using speaker = await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'] });
    await stack.kill('workers', 1);
    await engine.hold(true);
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'the last word before another pause' });
    await engine.held(1);
    await stack.kill('workers', 0);
    speaker.socket.cut();
    await speaker.waitForMessage(({ type }) => type === 'session.resumed');
    await engine.hold(false);
    await engine.release({ all: true });
    await stack.restart('workers', 0);
    await stack.restart('workers', 1);
    expect(await speaker.waitForMessage(({ type }) => type === 'translation.partial', 10_000)).toMatchObject({
      revision: 0,
    });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });
});
