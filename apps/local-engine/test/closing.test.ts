import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { chatRequest, startEngineFixture, translate } from './engine-fixture.ts';

describe('closing the local engine', () => {
  it('does not wait for a connection that was never used', async () => {
    // Where it waited, it would go on for longer than a test may take.
    await using engine = await startEngineFixture({ SHUTDOWN_TIMEOUT_MS: '60000' });
    const unused = connect(Number(new URL(engine.url).port), '127.0.0.1');
    await once(unused, 'connect');
    // A reply tells that the server has accepted the connection before it.
    await translate(engine, 'Hello.', 'en', 'es');
    const ended = once(unused, 'close');
    await engine.close();
    await ended;
  });

  it('finishes what is under way, and then does not wait for its connection', async () => {
    await using engine = await startEngineFixture({ ENGINE_LATENCY: '50/50,20/20', SHUTDOWN_TIMEOUT_MS: '60000' });
    const stream = await engine.client.chat.completions.create({ ...chatRequest('Hello.', 'en', 'es'), stream: true });
    const closed = engine.close();
    let reply = '';
    for await (const { choices } of stream) reply += choices[0]?.delta.content ?? '';
    await closed;
    expect(reply).toBe('[es] Hello.');
  });

  it('cuts off what is not finished in time', async () => {
    await using engine = await startEngineFixture({ ENGINE_LATENCY: '1/1,60000/60000', SHUTDOWN_TIMEOUT_MS: '100' });
    const stream = await engine.client.chat.completions.create({ ...chatRequest('Hello.', 'en', 'es'), stream: true });
    await engine.close();
    await expect(
      (async () => {
        for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
      })(),
    ).rejects.toThrow();
  });

  it('gives every call the same promise, and frees the port', async () => {
    await using engine = await startEngineFixture();
    expect(engine.close()).toBe(engine.close());
    await engine.close();
    await expect(fetch(engine.url)).rejects.toThrow();
    await using next = await startEngineFixture({ PORT: new URL(engine.url).port });
    expect(next.url).toBe(engine.url);
  });
});

describe('starting the local engine', () => {
  it('fails where the port is taken', async () => {
    await using engine = await startEngineFixture();
    await expect(startEngineFixture({ PORT: new URL(engine.url).port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('answers health, readiness, and at a base URL of loopback wherever it listens', async () => {
    await using engine = await startEngineFixture({ HOST: '0.0.0.0' });
    expect(engine.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(await (await engine.fetch('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await engine.fetch('/readyz')).json()).toEqual({ status: 'ready' });
  });
});
