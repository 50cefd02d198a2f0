import { sourceOfMarked } from '@parley/checker';
import { QueueViews } from '@parley/queues';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  resultsIn,
  startLiveSpeaker,
  startStack,
  type EngineControl,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { speakAfterSilence } from './harness/silence.ts';

const judge = { sourceOf: sourceOfMarked, exactPartials: true, isLossless: true };
const cleanReport = { violations: [], counts: { finalsFailed: 0 } };

describe('a session', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ workers: 2, env: { SESSION_GRACE_MS: '500', PARTIAL_HOLD_MS: '0' } });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  const startSpeaker = (...targetLanguages: string[]): Promise<LiveSpeaker> =>
    startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages, stability: 'off' }, judge);

  it('I1, I3: continues after a silence longer than its lease', async () => {
    const redis = stack.redis.connect();
    const leaseMs = 4000; // More than the edge takes to renew it.
    const result = await speakAfterSilence(stack, leaseMs + 2000, async (sessionId) => {
      await redis.hset(`{s:${sessionId}}:session`, 'leaseUntil', Date.now() + leaseMs);
      await redis.zadd('deadlines:0', (Date.now() + leaseMs + 600) * 1000, sessionId);
    });
    expect(result).toMatchObject({
      host: { violations: [], counts: { finalsTranslated: 3, partialsShown: 4 } },
      listener: [],
      connections: [1, 1],
    });
  });

  it('I12: shows nothing and fails its final if the reply is empty, and continues', async () => {
    await using speaker = await startSpeaker('es', 'ca');
    await engine.fail({ target: 'es', reply: '' });
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'Good morning.' });
    await speaker.waitForMessage(partialOf(1, { targetLanguage: 'ca' }));
    await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning to you.' });
    expect(await speaker.waitForMessage(resultOf(1, 'es'))).toMatchObject({
      type: 'translation.failed',
      code: 'engine-bad-reply',
    });
    expect(await speaker.waitForMessage(resultOf(1, 'ca'))).toMatchObject({ text: '[ca] Good morning to you.' });
    expect(partialsIn(speaker.messages).map(({ targetLanguage }) => targetLanguage)).toEqual(['ca']);
    await engine.reset();
    speaker.session.sendPartial({ segmentId: 2, revision: 0, text: 'Good evening.' });
    await speaker.waitForMessage(partialOf(2, { targetLanguage: 'es' }));
    // A final does not fail after a single empty reply.
    await engine.fail({ target: 'es', reply: '', times: 1 });
    await speaker.session.sendFinal({ segmentId: 2, text: 'Good evening to you.' });
    expect(await speaker.waitForMessage(resultOf(2, 'es'))).toMatchObject({ text: '[es] Good evening to you.' });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 3, finalsFailed: 1 } });
  });

  it('makes no further call for a removed target', async () => {
    await using speaker = await startSpeaker('es', 'ca');
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'one' });
    for (const targetLanguage of ['es', 'ca']) await speaker.waitForMessage(partialOf(1, { targetLanguage }));
    await engine.hold(true);
    await speaker.session.sendFinal({ segmentId: 2, text: 'accepted for both' });
    await engine.held(2);
    speaker.session.update({ targetLanguages: ['es'] });
    // For the open segment as well as for new ones.
    for (const revision of [1, 2]) speaker.session.sendPartial({ segmentId: 1, revision, text: `one ${revision}` });
    await speaker.session.sendFinal({ segmentId: 3, text: 'three' });
    await engine.hold(false);
    await engine.release({ all: true });
    await speaker.waitForMessage(partialOf(1, { revision: 2 }));
    await speaker.session.sendFinal({ segmentId: 1, text: 'one.' });
    await speaker.waitForMessage(resultOf(1));
    expect(await speaker.end()).toMatchObject(cleanReport);
    const intoCatalan = resultsIn(speaker.messages).filter(({ targetLanguage }) => targetLanguage === 'ca');
    expect(intoCatalan.map(({ segmentId }) => segmentId)).toEqual([2]);
    // The partial and the final accepted before the removal.
    expect((await engine.stats()).byTarget).toMatchObject({ ca: { completed: 2 } });
  });

  it('I3, I9: gets its finals while no worker handles partials, and then the newest partial', async () => {
    await using speaker = await startSpeaker('es');
    const views = new QueueViews(stack.redis.connect(), 1, () => undefined);
    const queue = views.shards[0]?.partial;
    if (queue === undefined) throw new Error('there is no queue');
    await queue.pause();
    const revisions = 20;
    for (let segmentId = 1; segmentId <= 3; segmentId++) {
      for (let revision = 0; revision < revisions; revision++) {
        speaker.session.sendPartial({ segmentId, revision, text: `segment ${segmentId} revision ${revision}` });
      }
      await speaker.session.sendFinal({ segmentId: 10 + segmentId, text: `sentence ${segmentId}` });
      await speaker.waitForMessage(resultOf(10 + segmentId));
    }
    expect(partialsIn(speaker.messages)).toEqual([]);
    // One job per open segment, regardless of the number of revisions.
    expect(await queue.count()).toBeLessThanOrEqual(3);
    await queue.resume();
    for (const segmentId of [1, 2, 3]) await speaker.waitForMessage(partialOf(segmentId, { revision: revisions - 1 }));
    expect(partialsIn(speaker.messages)).toHaveLength(3);
    await views.close();
    expect(await speaker.end()).toMatchObject(cleanReport);
  });
});
