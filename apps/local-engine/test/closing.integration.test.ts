import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { chatRequest, startEngineFixture, translate } from './engine-fixture.ts';

describe('closing the local engine', () => {
  it('does not wait for a connection that was never used', async () => {
    // Waiting would exceed the timeout of the test.
    await using engine = await startEngineFixture({ SHUTDOWN_TIMEOUT_MS: '60000' });
    const unused = connect(Number(new URL(engine.url).port), '127.0.0.1');
    await once(unused, 'connect');
    // The reply implies that the server has accepted the earlier connection.
    await translate(engine, 'Hello.', 'en', 'es');
    const ended = once(unused, 'close');
    await engine.close();
    await ended;
  });

  it('finishes requests in progress, and does not wait for their connections', async () => {
    await using engine = await startEngineFixture({ ENGINE_LATENCY: '50/50,20/20', SHUTDOWN_TIMEOUT_MS: '60000' });
    const stream = await engine.client.chat.completions.create({ ...chatRequest('Hello.', 'en', 'es'), stream: true });
    const closed = engine.close();
    let reply = '';
    for await (const { choices } of stream) reply += choices[0]?.delta.content ?? '';
    await closed;
    expect(reply).toBe('[es] Hello.');
  });

  it('aborts requests that do not finish in time', async () => {
    await using engine = await startEngineFixture({ ENGINE_LATENCY: '1/1,60000/60000', SHUTDOWN_TIMEOUT_MS: '100' });
    const stream = await engine.client.chat.completions.create({ ...chatRequest('Hello.', 'en', 'es'), stream: true });
    await engine.close();
    await expect(
      (async () => {
        for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
      })(),
    ).rejects.toThrow();
  });

  it('is idempotent, and frees the port', async () => {
    await using engine = await startEngineFixture();
    expect(engine.close()).toBe(engine.close());
    await engine.close();
    await expect(fetch(engine.url)).rejects.toThrow();
    await using next = await startEngineFixture({ PORT: new URL(engine.url).port });
    expect(next.url).toBe(engine.url);
  });
});

describe('starting the local engine', () => {
  it('fails if the port is in use', async () => {
    await using engine = await startEngineFixture();
    await expect(startEngineFixture({ PORT: new URL(engine.url).port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('serves health and readiness, and has a loopback base URL on any address', async () => {
    await using engine = await startEngineFixture({ HOST: '0.0.0.0' });
    expect(engine.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(await (await engine.fetch('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await engine.fetch('/readyz')).json()).toEqual({ status: 'ready' });
  });
});
