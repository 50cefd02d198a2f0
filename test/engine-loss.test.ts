import { sourceOfMarked } from '@parley/checker';
import { describe, expect, it } from '@jest/globals';
import { startProcess, startStack } from './harness/index.ts';
import { startSilentProxy } from './harness/silent-proxy.ts';
import { startSpeaker } from './harness/speaker.ts';

const pauseMs = 100;

describe.each([
  ['HTTP/2', {}],
  ['HTTP/1.1', { HTTP2: 'off' }],
])('over %s and TLS', (_protocol, env) => {
  it.each([
    ['closes every connection', 'cut'],
    ['is gone without a word on every connection', 'silence'],
  ] as const)(
    'I3: an engine that %s fails no final',
    async (_what, trouble) => {
      await using stack = await startStack({ workers: 0, tls: true, env: { ENGINE_LATENCY: '100/200,1/2' } });
      const engineUrl = new URL(stack.engineAccess['OPENAI_BASE_URL'] ?? '');
      await using proxy = await startSilentProxy(Number(engineUrl.port));
      engineUrl.port = String(proxy.port);
      const pipeline = { REDIS_URL: stack.redis.url, WORKER_THREADS: '1', ENGINE_FIRST_TOKEN_TIMEOUT_MS: '3000' };
      await using worker = await startProcess({
        name: 'worker',
        env: { ...pipeline, ...stack.engineAccess, ...env, OPENAI_BASE_URL: engineUrl.href },
      });
      expect((await fetch(new URL('/readyz', worker.url))).status).toBe(200);
      await using speaker = await startSpeaker(
        stack.streamUrl(),
        { sourceLanguage: 'en', targetLanguages: ['es', 'fr'] },
        { sourceOf: sourceOfMarked },
      );
      const finals = 16;
      for (let segmentId = 0; segmentId < finals; segmentId++) {
        await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        if (segmentId === finals / 2) proxy[trouble]();
      }
      const report = await speaker.end();
      expect(report).toMatchObject({ violations: [], counts: { finalsTranslated: 2 * finals, finalsFailed: 0 } });
    },
    90_000,
  );
});
