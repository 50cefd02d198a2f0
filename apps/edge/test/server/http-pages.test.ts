import { connect } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestEdge } from './test-edge.ts';

let parent: string;
let pagesFolder: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'parley-pages-'));
  await writeFile(join(parent, 'outside.txt'), 'outside');
  pagesFolder = await mkdtemp(join(parent, 'pages-'));
  await writeFile(join(pagesFolder, 'index.html'), '<!doctype html><title>Captions</title>');
  await writeFile(join(pagesFolder, 'listen.html'), '<!doctype html><title>Listen</title>');
  await writeFile(join(pagesFolder, 'not-found.html'), '<!doctype html><title>Not found</title>');
  await writeFile(join(pagesFolder, 'page.js'), 'export {};');
});

afterAll(() => rm(parent, { recursive: true }));

/** What a server replies to bytes that a client sends before it stops. */
async function replyTo(edge: TestEdge, sent: string): Promise<string> {
  const peer = connect(edge.server.port, '127.0.0.1');
  peer.write(sent);
  const chunks: string[] = [];
  for await (const chunk of peer.setEncoding('utf8')) chunks.push(String(chunk));
  return chunks.join('');
}

describe('a request over HTTP', () => {
  it.each([
    ['head', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
    [
      'body',
      'POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: text/plain\r\n\r\nslow',
    ],
  ])('is given up if its %s does not arrive in time', async (_what, sent) => {
    await using edge = await TestEdge.start({ requestTimeoutMs: 100 });
    await expect(replyTo(edge, sent)).resolves.toMatch(/^HTTP\/1.1 4/);
  });

  it('is refused if its head is too large', async () => {
    await using edge = await TestEdge.start();
    const sent = `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`;
    await expect(replyTo(edge, sent)).resolves.toMatch(/^HTTP\/1.1 431 /);
  });
});

describe('HTTP endpoints', () => {
  it('report liveness', async () => {
    await using edge = await TestEdge.start({ checkRedis: () => Promise.resolve('OOM: full') });
    const response = await fetch(`${edge.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('report readiness', async () => {
    let redis = 'NOPERM: a right is missing';
    await using edge = await TestEdge.start({ checkRedis: () => Promise.resolve(redis) });
    const before = await fetch(`${edge.url}/readyz`);
    expect([before.status, await before.json()]).toEqual([503, { status: 'unavailable', checks: { redis } }]);
    redis = 'ok';
    const after = await fetch(`${edge.url}/readyz`);
    expect([after.status, await after.json()]).toEqual([200, { status: 'ready', checks: { redis: 'ok' } }]);
  });

  it('reply 500 without details and log the error when a page fails', async () => {
    await using edge = await TestEdge.start({ checkRedis: () => Promise.reject(new Error('a detail')) });
    const response = await fetch(`${edge.url}/readyz`);
    expect(response.status).toBe(500);
    await expect(response.text()).resolves.not.toContain('a detail');
    expect(edge.logLines).toHaveLength(1);
  });

  it('I51: are not those of operators: the metrics have a port of their own', async () => {
    await using edge = await TestEdge.start();
    expect((await fetch(`${edge.url}/metrics`)).status).toBe(404);
  });

  it.each([
    ['/v1/languages/%zz', { error: { code: 'invalid-request', message: expect.any(String) } }],
    ['/page/%zz', { statusCode: 400, code: 'FST_ERR_BAD_URL', error: 'Bad Request', message: expect.any(String) }],
  ])('refuse the path %s, which can not be decoded, in the format of its neighbors', async (path, body) => {
    await using edge = await TestEdge.start();
    const response = await fetch(`${edge.url}${path}`);
    expect([response.status, await response.json()]).toEqual([400, body]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('serve the page with strict headers', async () => {
    await using edge = await TestEdge.start({ pagesFolder });
    const page = await fetch(`${edge.url}/`);
    await expect(page.text()).resolves.toContain('Captions');
    expect(page.headers.get('content-type')).toContain('text/html');
    const script = await fetch(`${edge.url}/page.js`);
    await expect(script.text()).resolves.toBe('export {};');
    const missing = await fetch(`${edge.url}/missing`);
    expect(missing.status).toBe(404);
    for (const { headers } of [page, script, missing]) {
      const policy = headers.get('content-security-policy')?.split('; ');
      expect(policy).toEqual(
        expect.arrayContaining(["default-src 'self'", "connect-src 'self' ws: wss:", "frame-ancestors 'none'"]),
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it.each(['/listen/ABCDEFGHJK?lang=es', '/listen/ABCDEFGHJK/', '/listen', '/listen/'])(
    'serve the page of listeners at %s',
    async (path) => {
      await using edge = await TestEdge.start({ pagesFolder });
      const page = await fetch(`${edge.url}${path}`);
      expect(page.headers.get('content-type')).toContain('text/html');
      await expect(page.text()).resolves.toContain('Listen');
    },
  );

  it('serve nothing outside the folder', async () => {
    await using edge = await TestEdge.start({ pagesFolder });
    for (const path of ['/..%2foutside.txt', '/%2e%2e/outside.txt', '/../outside.txt']) {
      // fetch would resolve the dots itself.
      const response = await rawGet(edge.server.port, path);
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
    }
  });

  it.each([undefined, '/no/such/folder'])('work without pages if there are none: %s', async (folder) => {
    await using edge = await TestEdge.start({ pagesFolder: folder });
    for (const accept of ['*/*', 'text/html'])
      expect((await fetch(`${edge.url}/`, { headers: { accept } })).status).toBe(404);
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
  });

  it('report an unknown path of the API in its format, also beside the page', async () => {
    await using edge = await TestEdge.start({ pagesFolder });
    const [unknown, elsewhere] = [await fetch(`${edge.url}/v1/nope?x=1`), await fetch(`${edge.url}/nope`)];
    expect([unknown.status, elsewhere.status]).toEqual([404, 404]);
    const message = 'GET /v1/nope does not exist';
    expect(await unknown.json()).toEqual({ error: { code: 'not-found', message } });
  });

  it('are not found either where a slash is doubled', async () => {
    await using edge = await TestEdge.start({ pagesFolder });
    const [before, inside] = [await fetch(`${edge.url}//v1/sessions`), await fetch(`${edge.url}/v1//sessions`)];
    expect([before.status, inside.status]).toEqual([404, 404]);
    expect(await inside.json()).toMatchObject({ error: { code: 'not-found' } });
  });

  it('show a page to someone who follows a broken link', async () => {
    await using edge = await TestEdge.start({ pagesFolder });
    const open = (path: string): Promise<Response> =>
      fetch(`${edge.url}${path}`, { headers: { accept: 'text/html,application/xhtml+xml' } });
    for (const path of ['/speak', '/listen/a/b', `/listen/${'A'.repeat(200)}`]) {
      const page = await open(path);
      expect([page.status, await page.text()]).toEqual([404, '<!doctype html><title>Not found</title>']);
    }
    expect(await (await open('/v1/nope')).json()).toMatchObject({ error: { code: 'not-found' } });
  });

  it('require a WebSocket at the stream path', async () => {
    await using edge = await TestEdge.start();
    const response = await fetch(`${edge.url}/v1/stream`);
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('answer a request that offers another upgrade', async () => {
    await using edge = await TestEdge.start();
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' };
    const response = await rawGet(edge.server.port, '/healthz', headers);
    expect(response.statusCode).toBe(200);
  });
});

async function rawGet(port: number, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get({ host: '127.0.0.1', port, path, headers }), 'response')) as [IncomingMessage];
  response.resume();
  return response;
}
