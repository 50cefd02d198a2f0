import { afterEach, describe, expect, it } from '@jest/globals';
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { EngineUnavailableError } from '@parley/translation';
import type { OpenAiEngineOptions } from '../src/index.ts';
import { makeCertificate, type TestCertificate } from './certificate.ts';
import { chunk } from './chat-answers.ts';
import { longFinal, requestFor, translateAll } from './engine-under-test.ts';
import { startLibreTranslateFixture } from './libretranslate-fixture.ts';
import { startOpenAiFixture, type OpenAiFixture } from './openai-fixture.ts';

const certificate = await makeCertificate();

const reply = JSON.stringify({ choices: [{ message: { content: 'Buenos días.' }, finish_reason: 'stop' }] });
const stream = [chunk('Buenos '), chunk('días.'), chunk('', 'stop'), 'data: [DONE]\n\n'];
const encodings: [string, (text: string) => Buffer][] = [
  ['gzip', gzipSync],
  ['GZIP', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
  ['identity', (text) => Buffer.from(text)],
];
const pools: [string, Partial<OpenAiEngineOptions>, TestCertificate | undefined][] = [
  ['HTTP/1.1', {}, undefined],
  ['connections of one use', { pooled: false }, undefined],
  ...(certificate === undefined
    ? []
    : ([
        ['HTTP/2', {}, certificate],
        ['HTTP/1.1 and TLS', { http2: false }, certificate],
      ] satisfies [string, Partial<OpenAiEngineOptions>, TestCertificate][])),
];

describe.each(pools)('packed replies over %s', (_name, given, cert) => {
  let fixture: OpenAiFixture;

  afterEach(() => fixture.close());

  function answerWith(body: Uint8Array, headers: Record<string, string>, statusCode = 200): void {
    fixture.server.script = ({ answer }) => {
      answer.writeHead(statusCode, headers);
      answer.end(body);
    };
  }

  it('are not asked for', async () => {
    fixture = await startOpenAiFixture(given, cert);
    fixture.translateAs('Buenos días.');
    await translateAll(fixture.engine);
    expect(fixture.server.exchanges[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each(encodings)('are read all the same: %s', async (encoding, pack) => {
    fixture = await startOpenAiFixture(given, cert);
    answerWith(pack(reply), { 'content-encoding': encoding });
    expect((await translateAll(fixture.engine)).text).toBe('Buenos días.');
    answerWith(pack(stream.join('')), { 'content-encoding': encoding, 'content-type': 'text/event-stream' });
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Buenos días.');
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Buenos días.');
    // The connection of one call is free for the next but one, at the latest.
    expect(fixture.server.connections).toBeLessThan(given.pooled === false ? 4 : 3);
  });

  it('give each piece when it comes', async () => {
    fixture = await startOpenAiFixture(given, cert);
    const next = Promise.withResolvers<undefined>();
    fixture.server.script = async ({ answer }) => {
      answer.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      gzip.pipe(answer);
      gzip.write(stream[0]);
      await next.promise;
      gzip.end(stream.slice(1).join(''));
    };
    const pieces: string[] = [];
    await fixture.engine.translate(requestFor(longFinal), (piece) => {
      pieces.push(piece);
      next.resolve(undefined);
    });
    expect(pieces).toEqual(['Buenos ', 'días.']);
  });

  it.each([
    ['is none', Buffer.from(reply)],
    ['is cut', gzipSync(reply).subarray(0, 40)],
  ])('fail where what is said to be gzip %s', async (_what, body) => {
    fixture = await startOpenAiFixture(given, cert);
    answerWith(body, { 'content-encoding': 'gzip' });
    await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(EngineUnavailableError);
    fixture.translateAs('Otra vez.');
    expect((await translateAll(fixture.engine)).text).toBe('Otra vez.');
  });

  it('are read where they tell of an error', async () => {
    fixture = await startOpenAiFixture(given, cert);
    answerWith(gzipSync('{"error":{"message":"Please try again in 2s."}}'), { 'content-encoding': 'gzip' }, 429);
    await expect(translateAll(fixture.engine)).rejects.toMatchObject({ retryAfterMs: 2000 });
  });
});

describe('the size of what an engine sends', () => {
  let fixture: OpenAiFixture;

  afterEach(() => fixture.close());

  const megabyte = Buffer.alloc(1024 * 1024, ' ');

  it.each([
    ['a reply without an end', '{"choices":['],
    ['a line without an end', 'data: '],
    ['comments without an end', ': '],
  ])('has a bound: %s', async (_what, beginning) => {
    fixture = await startOpenAiFixture();
    let sentBytes = 0;
    fixture.server.script = ({ answer }) => {
      answer.writeHead(200);
      answer.write(beginning);
      const send = (): void => {
        if (answer.destroyed) return;
        sentBytes += megabyte.length;
        answer.write(megabyte, send);
      };
      send();
    };
    await expect(translateAll(fixture.engine, longFinal)).rejects.toThrow('UND_ERR_RES_EXCEEDED_MAX_SIZE');
    expect(sentBytes).toBeLessThan(64 * megabyte.length);
  });

  it.each([
    ['a reply', {}, 200],
    ['a stream', longFinal, 200],
    ['an error', {}, 503],
  ])('has a bound when it is unpacked too: %s', async (_what, given, statusCode) => {
    fixture = await startOpenAiFixture();
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    fixture.server.script = ({ answer }) => {
      answer.writeHead(statusCode, { 'content-encoding': 'gzip' }).end(bomb);
    };
    const before = process.memoryUsage().rss;
    await expect(translateAll(fixture.engine, given)).rejects.toBeInstanceOf(EngineUnavailableError);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('has a bound of headers', async () => {
    fixture = await startOpenAiFixture();
    fixture.server.script = ({ answer }) => {
      const { socket } = answer;
      const send = (): void => void socket?.write(`x-long: ${'x'.repeat(4096)}\r\n`, (error) => error ?? send());
      socket?.on('error', () => undefined);
      socket?.write('HTTP/1.1 200 OK\r\n', send);
    };
    await expect(translateAll(fixture.engine)).rejects.toThrow('UND_ERR_HEADERS_OVERFLOW');
  });
});

describe('packed replies of LibreTranslate', () => {
  it('are read', async () => {
    const fixture = await startLibreTranslateFixture();
    fixture.server.script = ({ answer }) => {
      answer.writeHead(200, { 'content-encoding': 'gzip' });
      answer.end(gzipSync('{"translatedText":"Buenos días."}'));
    };
    expect((await translateAll(fixture.engine)).text).toBe('Buenos días.');
    await fixture.close();
  });
});
