import { sourceOfMarked } from '@parley/checker';
import { expect, it } from '@jest/globals';
import { startLiveSpeaker, startProcess, startRedis, type TestProcess } from './harness/index.ts';
import { startSilentProxy } from './harness/silent-proxy.ts';

it('I3: a Redis that is gone without a word is given up by edge and worker, and what was said meanwhile arrives', async () => {
  await using redis = await startRedis();
  await using proxy = await startSilentProxy(redis.port);
  const start = (name: string, env: Readonly<Record<string, string>>): Promise<TestProcess> =>
    startProcess({ name, env });
  await using engine = await start('engine', { ENGINE_TRANSLATIONS: 'marked' });
  const pipeline = {
    REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
    OPENAI_BASE_URL: new URL('/v1', engine.url).href,
    WORKER_THREADS: '1',
  };
  await using worker = await start('worker', pipeline);
  await using edge = await start('edge', pipeline);
  expect((await fetch(new URL('/readyz', worker.url))).status).toBe(200);
  const url = new URL('/v1/stream', edge.url);
  url.protocol = 'ws:';
  await using speaker = await startLiveSpeaker(
    [url.href],
    { sourceLanguage: 'en', targetLanguages: ['es'] },
    { sourceOf: sourceOfMarked },
  );
  await speaker.session.sendFinal({ segmentId: 1, text: 'before' });
  await speaker.whenHeard((message) => message.type === 'translation.final' && message.segmentId === 1);
  proxy.silence();
  const saidAtMs = performance.now();
  await speaker.session.sendFinal({ segmentId: 2, text: 'meanwhile' }, { timeoutMs: 90_000 });
  await speaker.whenHeard((message) => message.type === 'translation.final' && message.segmentId === 2, 90_000);
  process.stderr.write(`a final arrives ${Math.round(performance.now() - saidAtMs)} ms after Redis went silent\n`);
  expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 2 } });
}, 200_000);
