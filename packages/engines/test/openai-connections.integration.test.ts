import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createTranslationService, EngineTimeoutError, EngineUnavailableError, systemClock } from '@parley/translation';
import { createOpenAiEngine, type OpenAiEngineOptions } from '../src/index.ts';
import { makeCertificate } from './certificate.ts';
import { sendTranslation } from './chat-answers.ts';
import { requestFor, translateAll } from './engine-under-test.ts';
import { openAiDefaults, startOpenAiFixture, type OpenAiFixture } from './openai-fixture.ts';

const certificate = await makeCertificate();
const overTls = certificate === undefined ? it.skip : it;

const serviceDefaults = {
  retry: { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 15_000, maxRateLimitWaitMs: 0 },
  longestWaitMs: Infinity,
  clock: systemClock,
  random: Math.random,
};

describe('connections of the OpenAI engine', () => {
  let fixture: OpenAiFixture;
  const { signal } = new AbortController();

  async function start(given: Partial<OpenAiEngineOptions> = {}, tls = false): Promise<OpenAiFixture> {
    fixture = await startOpenAiFixture(given, tls ? certificate : undefined);
    fixture.translateAs('Buenos días a todos.');
    return fixture;
  }

  /** Keeps `concurrency` calls going until `count` have been made; every `abortEvery`th is aborted on its way. */
  async function translateMany(count: number, concurrency: number, abortEvery = Infinity): Promise<number> {
    let [begun, aborted] = [0, 0];
    const lane = async () => {
      while (begun < count) {
        begun++;
        const controller = new AbortController();
        const translation = translateAll(fixture.engine, { signal: controller.signal });
        if (begun % abortEvery === 0) setImmediate(() => controller.abort());
        await translation.catch(() => aborted++);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return aborted;
  }

  afterEach(() => fixture.close());

  it('opens none for 200 calls at 20 at once, once it is warm', async () => {
    const { engine, server } = await start();
    await engine.warm(signal);
    expect(server.connections).toBe(20);
    await translateMany(200, 20);
    expect(server.connections).toBe(20);
    expect(fixture.calls).toBe(200);
  });

  overTls('needs one over HTTP/2, and no other although calls are aborted', async () => {
    const { engine, server } = await start({}, true);
    await engine.warm(signal);
    const aborted = await translateMany(200, 20, 4);
    expect(aborted).toBeGreaterThan(0);
    expect(server.connections).toBe(1);
    await translateAll(engine);
    expect(server.connections).toBe(1);
  });

  overTls('warms several over TLS with HTTP/2 off', async () => {
    const { engine, server } = await start({ http2: false }, true);
    await engine.warm(signal);
    await translateMany(100, 20);
    expect(server.connections).toBe(20);
  });

  it.each([
    ['plain', false],
    ['TLS', true],
  ])('opens one for each call without a pool, and leaves none open: %s', async (_, tls) => {
    const { server } = await start({ pooled: false }, tls);
    await translateMany(30, 5);
    expect(server.connections).toBe(30);
    await Promise.all([...server.sockets].map((socket) => once(socket, 'close')));
    expect(server.sockets.size).toBe(0);
  });

  it.each([
    ['plain', false],
    ['TLS', true],
  ])('makes a call once more, unseen, when a kept connection dies under it: %s', async (_, tls) => {
    const { engine, server } = await start({ connections: 1 }, tls);
    await engine.warm(signal);
    const translate = server.script;
    server.script = (exchange) => {
      server.script = translate;
      exchange.cut();
    };
    expect((await translateAll(engine)).text).toBe('Buenos días a todos.');
    expect(fixture.calls).toBe(2);
  });

  it('makes it no third time', async () => {
    const { engine, server } = await start();
    server.script = (exchange) => exchange.cut();
    await expect(translateAll(engine)).rejects.toBeInstanceOf(EngineUnavailableError);
    expect(fixture.calls).toBe(2);
  });

  it('goes on when the server has closed every idle connection', async () => {
    const { engine, server } = await start();
    await engine.warm(signal);
    for (const socket of server.sockets) socket.end();
    await translateMany(20, 20);
    expect((await translateAll(engine)).text).toBe('Buenos días a todos.');
  });

  it('uses warmed connections now and then so that they stay open', async () => {
    const { engine, server } = await start({ connections: 3, refreshIntervalMs: 400 });
    await engine.warm(signal);
    const refreshes = 6;
    for (let seen = 0; seen < refreshes; seen++) await server.nextExchange();
    expect(server.connections).toBe(3);
    expect(server.sockets.size).toBe(3);
    const [lost] = server.sockets;
    lost?.destroy();
    while (server.connections < 4) await server.nextExchange();
    expect(server.sockets.size).toBe(3);
  });

  it('rejects warming if the server is not listening', async () => {
    const { engine, server } = await start();
    await server.close();
    server.close = () => Promise.resolve();
    await expect(engine.warm(signal)).rejects.toBeInstanceOf(EngineUnavailableError);
    await expect(translateAll(engine)).rejects.toBeInstanceOf(EngineUnavailableError);
  });

  it('gives up a server that accepts and says nothing, as a connect time-out', async () => {
    await start();
    await using silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const engine = createOpenAiEngine({
      ...openAiDefaults,
      baseUrl: `https://127.0.0.1:${port}/v1`,
      connectTimeoutMs: 1000,
    });
    const error = await translateAll(engine).catch((thrown: unknown) => thrown);
    await engine.close();
    expect(error).toBeInstanceOf(EngineTimeoutError);
    expect((error as EngineTimeoutError).stage).toBe('connect');
    expect((error as EngineTimeoutError).cause).toBeInstanceOf(Error);
  });

  it('ends calls in flight when it is closed', async () => {
    const { engine } = await start();
    const hanging = fixture.hang();
    const translation = expect(translateAll(engine)).rejects.toBeInstanceOf(EngineUnavailableError);
    const { aborted } = await hanging;
    await engine.close();
    await Promise.all([translation, aborted]);
  });

  it.each([
    ['plain HTTP/1.1', false],
    ['HTTP/2', true],
  ])('retries a failed final over another connection: %s', async (_, tls) => {
    if (tls && certificate === undefined) return;
    const { engine, server } = await start({}, tls);
    await engine.warm(signal);
    const translate = server.script;
    server.exchanges.length = 0;
    for (let call = 0; call < 3; call++) {
      server.script = ({ answer }) => {
        server.script = translate;
        answer.writeHead(500).end();
      };
      const service = createTranslationService({ ...serviceDefaults, engine });
      expect((await service.translateFinal(requestFor({ kind: 'final' }))).attempts).toBe(2);
    }
    const ports = server.exchanges.map(({ port }) => port);
    expect(ports).toHaveLength(6);
    for (const first of [0, 2, 4]) expect(ports[first]).not.toBe(ports[first + 1]);
    expect(server.connections).toBe(tls ? 2 : 21);
  });

  it('queues calls above its connections and makes them all', async () => {
    const { server } = await start({ connections: 2 });
    server.script = async (exchange) => {
      await new Promise(setImmediate);
      sendTranslation(exchange, 'Hola.');
    };
    expect(await translateMany(40, 10)).toBe(0);
    expect(server.connections).toBe(2);
  });
});
