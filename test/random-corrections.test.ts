import { setTimeout as delay } from 'node:timers/promises';
import { correctTranscript, CaptionStore, ServerError } from '@parley/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, startStack, type LiveListener, type TestStack } from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';

const segmentCount = 20;
const correctionCount = 60;
const targets = ['es', 'ca'];

describe('corrections by two operators', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ edges: 2, workers: 2, env: { ENGINE_LATENCY: '20/80,1/2' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I45: reach everyone once and in one order, although processes and sockets are lost', async () => {
    const random = seededRandom(testSeed('corrections'));
    const below = (limit: number): number => Math.floor(random() * limit);
    await using opened = new AsyncDisposableStack();
    const speaker = opened.use(
      await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: targets, ordered: random() < 0.5 }),
    );
    const { joinCode, sessionId } = speaker.session.started;
    const listeners: LiveListener[] = [];
    const join = async (): Promise<void> => {
      const options = { joinCode, targetLanguages: ['en', 'es', 'ca'], offset: 0 };
      listeners.push(opened.use(await startLiveListener(stack, options)));
    };
    await join();

    const talk = async (): Promise<void> => {
      for (let segmentId = 0; segmentId < segmentCount; segmentId++) {
        await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
      }
    };
    /** Tries until the correction is answered, on either edge and always as the same correction. */
    const correct = async (number: number): Promise<void> => {
      const target = [undefined, ...targets][below(3)];
      const correction = { segmentId: below(segmentCount), text: `correction ${number}`, targetLanguage: target };
      for (let attempt = 0; ; attempt++) {
        const url = stack.streamUrl((number + attempt) % 2);
        try {
          await correctTranscript({ url, sessionId, ...correction, correctionId: `c${number}`, timeoutMs: 3000 });
          return;
        } catch (error) {
          if (error instanceof ServerError && !error.retryable) throw error;
          await delay(30);
        }
      }
    };
    const operate = async (operator: number): Promise<void> => {
      for (let number = operator; number < correctionCount; number += 2) {
        await correct(number);
        await delay(below(30));
      }
    };
    const trouble = async (): Promise<void> => {
      const edge = below(2);
      for (let round = 0; round < 8; round++) {
        await delay(100 + below(200));
        listeners[below(listeners.length)]?.socket.cut();
        if (random() < 0.4) speaker.socket.cut();
        if (round === 2) await stack.kill('edges', edge);
        if (round === 3) await stack.restart('edges', edge);
        if (round === 4) {
          const worker = below(2);
          await stack.kill('workers', worker);
          await stack.restart('workers', worker);
        }
        // Whoever joins late gets everything that the log holds.
        if (round % 3 === 0) await join();
      }
    };
    await Promise.all([talk(), operate(0), operate(1), trouble()]);

    const report = await speaker.end();
    expect(report).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    for (const listener of listeners) {
      await listener.waitForMessage(({ type }) => type === 'session.ended');
      expect(listener.judge(speaker)).toEqual([]);
    }
    for (const language of ['en', ...targets]) {
      const url = new URL(`/v1/sessions/${sessionId}/transcript.json?lang=${language}`, stack.edges[0]?.url);
      const { lines } = (await (await fetch(url)).json()) as { lines: { segmentId: number; text: string }[] };
      expect(lines).toHaveLength(segmentCount);
      for (const { messages } of listeners) {
        const captions = new CaptionStore();
        for (const message of messages) captions.add(message);
        const shown = captions.of(language).settled.map(({ segmentId, concluded: text }) => ({ segmentId, text }));
        expect(shown).toEqual(lines.map(({ segmentId, text }) => ({ segmentId, text })));
      }
    }
  });
});
