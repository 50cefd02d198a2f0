import { sourceOfMarked } from '@parley/checker';
import { QueueViews } from '@parley/queues';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';
import { readTrace, speak, startSpeaker } from './harness/speaker.ts';

/** On a busy machine the first sentence of a pair takes seconds, because its pipeline is loaded. */
const longEngineTimeouts = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '20000', ENGINE_TOTAL_TIMEOUT_MS: '30000' };

const cleanReport = { violations: [] };

describe('one edge and two workers with Apertium', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ workers: 2, translations: 'apertium', env: longEngineTimeouts })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I1, I2, I3, I4, I8: translate a talk with Apertium, its finals once and in order', async () => {
    const trace = readTrace('meeting');
    await using speaker = await startSpeaker(stack.streamUrl(), {
      sourceLanguage: 'en',
      targetLanguages: ['es'],
      ordered: true,
    });
    await speak(speaker.session, trace, 5);
    const report = await speaker.end();
    expect(report).toMatchObject(cleanReport);
    const finals = speaker.messages.filter((message) => message.type === 'translation.final');
    expect(finals).toHaveLength(15);
    expect(finals[0]).toMatchObject({ text: expect.stringContaining('buenos días') });
    expect(finals[14]).toMatchObject({ text: expect.stringContaining('muchas gracias') });
    expect(speaker.messages.filter((message) => message.type === 'translation.partial').length).toBeGreaterThan(0);
  });

  it('I12: translate every target separately, and copy only the language of the segment', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), {
      sourceLanguage: 'en',
      targetLanguages: ['es', 'ca', 'fr', 'en'],
    });
    await speaker.session.sendFinal({ segmentId: 1, text: 'The house is red.' });
    await speaker.session.sendFinal({ segmentId: 2, text: 'La casa es grande.', language: 'es' });
    expect(await speaker.end()).toMatchObject(cleanReport);
    const text = (segmentId: number, target: string) =>
      speaker.messages.flatMap((message) =>
        message.type === 'translation.final' && message.segmentId === segmentId && message.targetLanguage === target
          ? [[message.text, message.flags]]
          : [],
      );
    expect(text(1, 'es')).toEqual([['La casa es roja.', undefined]]);
    expect(text(1, 'ca')).toEqual([[expect.stringMatching(/^La casa és vermell/), undefined]]);
    expect(text(1, 'fr')).toEqual([[expect.stringMatching(/maison/), undefined]]);
    expect(text(1, 'en')).toEqual([['The house is red.', ['source']]]);
    expect(text(2, 'es')).toEqual([['La casa es grande.', ['source']]]);
    expect(text(2, 'en')).toEqual([['The house is big.', undefined]]);
  });

  it('reject a session whose languages the engine does not support, by name', async () => {
    const start = startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['ja', 'ko'] });
    await expect(start).rejects.toMatchObject({ code: 'language-unsupported', param: 'targetLanguages' });
  });
});

describe.each([
  ['as it comes', {}],
  ['over TLS, and so over HTTP/2', {}, true],
  ['with the worker on its main thread', { WORKER_THREADS: '0' }],
  [
    'over HTTP/1.1, a connection for each request, nothing warmed',
    { HTTP2: 'off', CONNECTION_POOL: 'off', PREWARM: 'off' },
  ],
])('the pipeline %s', (_how, env: Record<string, string>, tls = false) => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ tls, env: { ENGINE_LATENCY: '20/60,1/2', ...env } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I1, I2, I3, I11: keeps ten sessions and similar language codes apart', async () => {
    const random = seededRandom(testSeed('sessions apart'));
    const judge = { sourceOf: sourceOfMarked, exactPartials: true };
    const reports = await Promise.all(
      Array.from({ length: 10 }, async (_, speakerNumber) => {
        await using speaker = await startSpeaker(
          stack.streamUrl(),
          { sourceLanguage: 'en', targetLanguages: ['pt', 'pt-BR'], stability: 'off' },
          judge,
        );
        const beginning = 'the same three hundred characters and more '.repeat(8);
        for (let segmentId = 0; segmentId < 20; segmentId++) {
          const text = `${beginning} ${speakerNumber} of ${segmentId}`;
          for (let revision = 0; revision < 1 + random() * 5; revision++) {
            speaker.session.sendPartial({ segmentId, revision, text: `${text} ${'word '.repeat(revision)}` });
            if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 20));
          }
          await speaker.session.sendFinal({ segmentId, text });
        }
        return await speaker.end();
      }),
    );
    for (const report of reports) expect(report).toMatchObject(cleanReport);
  });
});

describe('a final', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ env: { SESSION_GRACE_MS: '200' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  it('I6: is accepted when its jobs are queued, and I7: again without a second translation', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), {
      sourceLanguage: 'en',
      targetLanguages: ['es', 'ca'],
    });
    await stack.postToEngine('/debug/hold', { on: true });
    await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning.' });
    const views = new QueueViews(stack.redis.connect(), 1, () => undefined);
    const { waiting, prioritized, active } = await views.depth('final');
    expect(waiting + prioritized + active).toBe(2);
    await views.close();
    await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning.' });
    await expect(speaker.session.sendFinal({ segmentId: 1, text: 'Good evening.' })).rejects.toMatchObject({
      code: 'segment-settled',
    });
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
    await speaker.session.end({ timeoutMs: 20_000 });
    const finals = speaker.messages.filter((message) => message.type === 'translation.final');
    expect(finals).toHaveLength(2);
  });

  it('without text clears its segment without a call', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await speaker.session.sendFinal({ segmentId: 1, text: '' });
    expect(await speaker.waitForMessage((message) => message.type === 'translation.final')).toMatchObject({ text: '' });
    expect(await speaker.session.end()).toMatchObject({ segments: 1, translations: 0, tokens: 0 });
  });

  it('I17: of a lost socket is still translated, and all keys of its session expire', async () => {
    const speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    const { sessionId } = speaker.session.started;
    await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning.' });
    const redis = stack.redis.connect();
    const subscriber = stack.redis.connect();
    await subscriber.ssubscribe(`{s:${sessionId}}`);
    const ended = new Promise<void>((resolve) => {
      subscriber.on('smessage', (_channel: string, message: string) => {
        if (message.includes('"ended"')) resolve();
      });
    });
    await speaker[Symbol.asyncDispose]();
    await ended;
    const log = await redis.xrange(`{s:${sessionId}}:log`, '-', '+');
    expect(log.map(([, fields]) => (JSON.parse(fields[1] ?? '') as { type: string }).type)).toEqual([
      'transcript',
      'translation',
      'ended',
    ]);
    for (const key of await redis.keys(`{s:${sessionId}}*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });
});
