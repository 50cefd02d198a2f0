import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { expect, it } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, startProcess, startRedis, type TestProcess } from './harness/index.ts';
import { startSilentProxy } from './harness/silent-proxy.ts';

const judge = { sourceOf: sourceOfMarked };
const start = (name: string, env: Readonly<Record<string, string>>): Promise<TestProcess> =>
  startProcess({ name, env });

function streamOf(edge: TestProcess): string {
  const url = new URL('/v1/stream', edge.url);
  url.protocol = 'ws:';
  return url.href;
}

it('I3: edge and worker detect a silent loss of Redis, and transcripts sent meanwhile arrive', async () => {
  await using redis = await startRedis();
  await using proxy = await startSilentProxy(redis.port);
  await using engine = await start('engine', { ENGINE_TRANSLATIONS: 'marked' });
  const pipeline = {
    REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
    OPENAI_BASE_URL: new URL('/v1', engine.url).href,
    WORKER_THREADS: '1',
  };
  await using worker = await start('worker', pipeline);
  await using edge = await start('edge', pipeline);
  expect((await fetch(new URL('/readyz', worker.url))).status).toBe(200);
  const options = { sourceLanguage: 'en', targetLanguages: ['es'] };
  await using speaker = await startLiveSpeaker([streamOf(edge)], options, judge);
  await speaker.session.sendFinal({ segmentId: 1, text: 'before' });
  await speaker.waitForMessage((message) => message.type === 'translation.final' && message.segmentId === 1);
  proxy.silence();
  const saidAtMs = performance.now();
  await speaker.session.sendFinal({ segmentId: 2, text: 'meanwhile' }, { timeoutMs: 90_000 });
  await speaker.waitForMessage((message) => message.type === 'translation.final' && message.segmentId === 2, 90_000);
  process.stderr.write(`a final arrives ${Math.round(performance.now() - saidAtMs)} ms after Redis went silent\n`);
  expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 2 } });
}, 200_000);

it('I22: listener languages are kept until their edge detects a silent loss of Redis', async () => {
  await using redis = await startRedis();
  await using proxy = await startSilentProxy(redis.port);
  await using engine = await start('engine', { ENGINE_TRANSLATIONS: 'marked' });
  const pipeline = { OPENAI_BASE_URL: new URL('/v1', engine.url).href, WORKER_THREADS: '1' };
  const direct = { ...pipeline, REDIS_URL: redis.url };
  await using worker = await start('worker', direct);
  expect((await fetch(new URL('/readyz', worker.url))).status).toBe(200);
  await using hostEdge = await start('edge', direct);
  await using listenerEdge = await start('edge', { ...pipeline, REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
  const options = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: ['fr'] };
  await using host = await startLiveSpeaker([streamOf(hostEdge)], options, judge);
  const { joinCode } = host.session.started;
  await using listener = await startLiveListener(
    [streamOf(listenerEdge)],
    { joinCode, targetLanguages: ['fr'] },
    judge,
  );
  proxy.silence();
  // An edge needs 15 s to detect the loss, and up to 4 s to register its languages again.
  const untilMs = performance.now() + 22_000;
  let segmentId = 0;
  for (; performance.now() < untilMs; segmentId++) {
    await host.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    await delay(100);
  }
  expect(await host.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
  await listener.waitForMessage(({ type }) => type === 'session.ended', 60_000);
  expect(listener.judge(host)).toEqual([]);
  expect(listener.socket.connections).toBe(1);
}, 200_000);
