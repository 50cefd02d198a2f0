import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, startStack, type TestStack } from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';

describe('the loss of an edge', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ edges: 2, env: { ENGINE_LATENCY: '40/100,1/2' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it.each(['is killed', 'is told to stop'])(
    'I3, I23: %s leaves its clients to the other one, and every final arrives once',
    async (how) => {
      const random = seededRandom(testSeed(`an edge ${how}`));
      const speakers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          startLiveSpeaker(
            index % 2 === 0 ? [stack.streamUrl(0), stack.streamUrl(1)] : [stack.streamUrl(1), stack.streamUrl(0)],
            { sourceLanguage: 'en', targetLanguages: ['es', 'ca'], ordered: index < 4, stability: 'off' },
            { sourceOf: sourceOfMarked, exactPartials: true },
          ),
        ),
      );
      const listeners = await Promise.all(
        speakers.map(({ session }) =>
          startLiveListener(stack, { joinCode: session.started.joinCode, targetLanguages: ['es', 'en'] }),
        ),
      );
      const talks = speakers.map(async ({ session }, speakerNumber) => {
        const accepted: Promise<void>[] = [];
        for (let segmentId = 0; segmentId < 25; segmentId++) {
          for (let revision = 0; revision < 3; revision++) {
            session.sendPartial({ segmentId, revision, text: `${speakerNumber} says ${segmentId} in ${revision}` });
            await delay(random() * 30);
          }
          accepted.push(session.sendFinal({ segmentId, text: `${speakerNumber} has said ${segmentId}` }));
        }
        await Promise.all(accepted);
      });
      await delay(200 + random() * 400);
      if (how === 'is killed') await stack.kill('edges', 0);
      else expect(await stack.edges[0]?.child.stop()).toMatchObject({ code: 0 });
      await Promise.all(talks);
      await stack.restart('edges', 0);
      for (const speaker of speakers) {
        const report = await speaker.end();
        expect(report).toMatchObject({ violations: [], counts: { finalsTranslated: 50, finalsFailed: 0 } });
      }
      for (const [index, listener] of listeners.entries()) {
        const host = speakers[index];
        await listener.waitForMessage(({ type }) => type === 'session.ended');
        expect(host && listener.judge(host)).toEqual([]);
      }
    },
  );
});
