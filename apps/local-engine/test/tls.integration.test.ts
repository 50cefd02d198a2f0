import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { rootCertificates, connect as connectTls } from 'node:tls';
import { Client, request } from 'undici';
import { chatRequest, startEngineFixture, type EngineFixture } from './engine-fixture.ts';
import { eventually } from './eventually.ts';

interface TlsAccess {
  readonly url: string;
  readonly certificate: string;
}

describe('the local engine over TLS', () => {
  let engine: EngineFixture;
  let tls: TlsAccess;
  let client: Client;

  function connect(http2: boolean, ca: string | readonly string[] = tls.certificate): Client {
    return new Client(new URL(tls.url).origin, { allowH2: http2, connect: { ca: [...[ca].flat()], allowH2: http2 } });
  }

  async function chat(text: string, given: { stream?: boolean; signal?: AbortSignal } = {}): Promise<string> {
    const { body } = await client.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...chatRequest(text, 'en', 'es'), stream: given.stream ?? false }),
      ...(given.signal === undefined ? {} : { signal: given.signal }),
    });
    return body.text();
  }

  beforeEach(async () => {
    engine = await startEngineFixture({ ENGINE_TLS_PORT: '0', SHUTDOWN_TIMEOUT_MS: '60000' });
    tls = (await (await engine.fetch('/debug/tls')).json()) as TlsAccess;
    client = connect(true);
  });

  afterEach(async () => {
    await client.destroy();
    await engine.close();
  });

  it('creates and serves a certificate, without which clients reject the connection', async () => {
    const given = await engine.fetch('/debug/certificate');
    expect(await given.text()).toBe(tls.certificate);
    await expect(request(`${tls.url}/models`)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const elsewhere = connect(true, rootCertificates);
    await expect(elsewhere.request({ path: '/healthz', method: 'GET' })).rejects.toThrow();
    await elsewhere.destroy();
  });

  it('serves many HTTP/2 requests on one connection', async () => {
    const { connections } = await engine.stats();
    const replies = await Promise.all(['one', 'two', 'three'].map((text) => chat(text)));
    expect(replies.map((reply) => (JSON.parse(reply) as { choices: unknown[] }).choices)).toEqual(
      ['one', 'two', 'three'].map((text) => [
        expect.objectContaining({ message: expect.objectContaining({ content: `[es] ${text}` }) }),
      ]),
    );
    expect(await chat('four', { stream: true })).toMatch(/"content":" fou"[^]*data: \[DONE\]\n\n$/);
    const stats = await engine.stats();
    expect(stats).toMatchObject({
      completed: 4,
      aborted: 0,
      tlsHandshakes: 1,
      http2Sessions: 1,
      http2StreamsAborted: 0,
    });
    expect(stats.connections - connections).toBe(1);
  });

  it('serves HTTP/1.1 to clients without HTTP/2', async () => {
    await client.destroy();
    client = connect(false);
    expect(await chat('one')).toContain('[es] one');
    expect(await chat('two', { stream: true })).toContain('[DONE]');
    expect(await engine.stats()).toMatchObject({ completed: 2, tlsHandshakes: 1, http2Sessions: 0 });
  });

  it('counts an aborted HTTP/2 stream, and keeps its connection', async () => {
    await engine.fetch('/debug/hold', { on: true });
    const first = new AbortController();
    const held = chat('one', { signal: first.signal });
    await engine.held(1);
    first.abort();
    await expect(held).rejects.toThrow();
    await eventually(
      () => engine.stats(),
      ({ aborted, concurrent }) => aborted === 1 && concurrent === 0,
    );
    expect(await engine.held(0)).toEqual([]);
    await engine.fetch('/debug/hold', { on: false });
    expect(await chat('two')).toContain('[es] two');
    expect(await engine.stats()).toMatchObject({ http2StreamsAborted: 1, tlsHandshakes: 1, completed: 1 });
  });

  it('closes without waiting for idle sessions, unused connections, and pending handshakes', async () => {
    await chat('one');
    const { port } = new URL(tls.url);
    const unused = connectTls({ port: Number(port), host: '127.0.0.1', ca: tls.certificate });
    await once(unused, 'secureConnect');
    const ended = once(unused.resume(), 'close');
    await engine.close();
    await ended;
  });

  it('finishes HTTP/2 requests before it closes', async () => {
    await engine.fetch('/debug/hold', { on: true });
    const reply = chat('one');
    await engine.held(1);
    await engine.close();
    expect(await reply).toContain('[es] one');
  });
});

it('serves no certificate if it does not listen over TLS', async () => {
  await using engine = await startEngineFixture();
  expect((await engine.fetch('/debug/tls')).status).toBe(404);
  expect((await engine.fetch('/debug/certificate')).status).toBe(404);
});

it('aborts an HTTP/2 stream that does not finish in time', async () => {
  await using engine = await startEngineFixture({
    ENGINE_TLS_PORT: '0',
    ENGINE_LATENCY: '1/1,60000/60000',
    SHUTDOWN_TIMEOUT_MS: '100',
  });
  const { url, certificate } = (await (await engine.fetch('/debug/tls')).json()) as TlsAccess;
  const client = new Client(new URL(url).origin, { allowH2: true, connect: { ca: certificate, allowH2: true } });
  const { body } = await client.request({
    path: '/v1/chat/completions',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...chatRequest('Hello there.', 'en', 'es'), stream: true }),
  });
  const reply = body.text();
  reply.catch(() => undefined);
  await engine.close();
  await expect(reply).rejects.toThrow();
  await client.destroy();
});
