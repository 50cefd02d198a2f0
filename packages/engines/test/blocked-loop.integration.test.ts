import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EngineTimeoutError, EventLoopBlockedError } from '@parley/translation';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOpenAiEngine } from '../src/index.ts';
import { startDeadline } from '../src/deadline.ts';
import { requestFor, translateAll } from './engine-under-test.ts';
import { startFailover } from './failover-fixture.ts';
import { openAiDefaults } from './openai-fixture.ts';

/** A server on a thread of its own, which answers while this one is blocked. */
const serverCode = `
  const { parentPort } = require('node:worker_threads');
  const body = JSON.stringify({ choices: [{ message: { content: 'Buenos días.' }, finish_reason: 'stop' }] });
  const server = require('node:http').createServer((request, answer) => {
    request.resume();
    request.on('end', () => {
      parentPort.postMessage('asked');
      setTimeout(() => answer.setHeader('content-type', 'application/json').end(body), 100);
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

function block(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

describe('a time-out that passes while the event loop is blocked', () => {
  let server: Worker;
  let port: number;
  beforeEach(async () => {
    server = new Worker(serverCode, { eval: true });
    [port] = (await once(server, 'message')) as [number];
  });
  afterEach(async () => {
    await server.terminate();
  });

  it('does not count: the unread response is used', async () => {
    const settings = { ...openAiDefaults, baseUrl: `http://127.0.0.1:${port}/v1`, firstTokenTimeoutMs: 300 };
    await using opened = new AsyncDisposableStack();
    const engine = opened.adopt(createOpenAiEngine(settings), (made) => made.close());
    const translated = translateAll(engine);
    await once(server, 'message');
    block(1000);
    expect((await translated).text).toBe('Buenos días.');
  });

  it('is extended by the blocked time, and then counts against the engine', async () => {
    using deadline = startDeadline(new AbortController().signal, { firstTokenTimeoutMs: 300, totalTimeoutMs: 60_000 });
    const startedAtMs = performance.now();
    block(200);
    await once(deadline.signal, 'abort');
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(400);
    expect(deadline.signal.reason).toBeInstanceOf(EngineTimeoutError);
  });

  it('does not count against the engine if the loop is blocked repeatedly', async () => {
    using deadline = startDeadline(new AbortController().signal, { firstTokenTimeoutMs: 300, totalTimeoutMs: 60_000 });
    const blocking = setInterval(() => block(250), 1);
    await once(deadline.signal, 'abort');
    clearInterval(blocking);
    expect(deadline.signal.reason).toBeInstanceOf(EventLoopBlockedError);
  });

  it('opens no circuit', async () => {
    const { engine, one, heard } = startFailover();
    one.reply = () => new EventLoopBlockedError('first-token', 300);
    for (let call = 0; call < 12; call++) {
      await translateAll(engine, requestFor({ kind: 'final' })).catch(() => undefined);
    }
    expect(heard).toContain('one event-loop-blocked');
    expect(heard).not.toContain('one is open');
    expect(heard.filter((line) => line.startsWith('one event-loop-blocked'))).toHaveLength(12);
  });
});
