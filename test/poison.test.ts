import { describe, expect, it } from '@jest/globals';
import { startProcess, type TestProcess } from './harness/process.ts';
import { engineOf, startStack, type TestStack } from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';
import { startSpeaker } from './harness/speaker.ts';

const poison = 'the text that kills';
const english = { sourceLanguage: 'en', targetLanguages: ['es'] };

/** Restarts workers that exit. */
class Workers implements AsyncDisposable {
  readonly #stack: TestStack;
  #alive: TestProcess[] = [];

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  async start(): Promise<void> {
    const { redis, engine } = this.#stack;
    const pipeline = { REDIS_URL: redis.url, OPENAI_BASE_URL: new URL('/v1', engine.url).href };
    this.#alive.push(await startProcess({ name: 'worker', env: { ...pipeline, WORKER_THREADS: '2' } }));
  }

  async killAll(): Promise<void> {
    const killed = this.#alive;
    this.#alive = [];
    for (const { child } of killed) child.kill();
    await Promise.all(killed.map(({ child }) => child.exited));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#alive.map((worker) => worker[Symbol.asyncDispose]()));
  }
}

describe('a final that kills every worker', () => {
  it('I3: fails without affecting other finals', async () => {
    const random = seededRandom(testSeed('a poisonous final'));
    await using stack = await startStack({ workers: 0, env: { WORKERS: 'process' } });
    const engine = engineOf(stack);
    await using workers = new Workers(stack);
    await workers.start();
    await engine.hold(true);
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    const poisonAt = Math.floor(random() * 14);
    for (let segmentId = 0; segmentId < 14; segmentId++) {
      const text = segmentId === poisonAt ? poison : `sentence ${segmentId}`;
      await speaker.session.sendFinal({ segmentId, text });
    }
    await engine.held(14);

    const isFailure = ({ type }: { readonly type: string }): boolean => type === 'translation.failed';
    const failure = speaker.waitForMessage(isFailure);
    // The worker with the poison job dies; other finals complete, some of them only afterwards.
    let kills = 0;
    while (!speaker.messages.some(isFailure)) {
      const held = await engine.held();
      if (held.some(({ text }) => text === poison)) {
        kills++;
        await workers.killAll();
        await workers.start();
        continue;
      }
      const ids = held.filter(() => random() < 0.5).map(({ id }) => id);
      await engine.release({ ids });
      await Promise.race([failure, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
    expect(await failure).toMatchObject({ segmentId: poisonAt, code: 'internal' });
    expect(kills).toBe(3);
    await engine.hold(false);
    await engine.release({ all: true });
    expect(await speaker.end()).toMatchObject({
      violations: [],
      counts: { finalsTranslated: 13, finalsFailed: 1 },
    });
  }, 90_000);
});
