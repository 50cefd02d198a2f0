import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { makeCertificate, type TestCertificate } from '../../../../packages/engines/test/certificate.ts';
import { TlsFiles } from '../../src/server/tls-files.ts';
import { TestEdge } from './test-edge.ts';
import { WebSocket } from 'ws';

let folder: string;
let [first, second]: TestCertificate[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-tls-'));
  [first, second] = (await Promise.all([makeCertificate(), makeCertificate()])) as TestCertificate[];
});
afterAll(() => rm(folder, { recursive: true }));

const paths = () => ({ TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') });

async function write({ cert, key }: Partial<TestCertificate>): Promise<void> {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = paths();
  if (cert !== undefined) await writeFile(TLS_CERT_FILE, cert);
  if (key !== undefined) await writeFile(TLS_KEY_FILE, key);
}

function openFiles(changed: object = {}, lines: string[] = []): TlsFiles | undefined {
  const logger = createLogger({ LOG_LEVEL: 'info' }, 'edge', { write: (line) => void lines.push(line) });
  return TlsFiles.open({ config: { ...paths(), ...changed }, logger, checkIntervalMs: 20 });
}

/** The certificate that a new connection gets, in PEM without line ends. */
async function served(port: number): Promise<string> {
  const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw.toString('base64');
}

const inBase64 = (certificate: TestCertificate | undefined): string =>
  (certificate?.cert ?? '').replaceAll(/-----.*?-----|\s/g, '');

describe('an edge with a certificate', () => {
  it('I52: serves pages and sockets over TLS, and takes a new certificate without dropping connections', async () => {
    await write(first ?? {});
    const lines: string[] = [];
    using files = openFiles({}, lines);
    await using edge = await TestEdge.start({ tls: files });
    const { port } = edge.server;
    const [response] = (await once(
      get({ port, host: '127.0.0.1', path: '/healthz', ca: first?.cert, agent: false }),
      'response',
    )) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);

    const socket = new WebSocket(`wss://127.0.0.1:${port}/v1/stream`, 'parley.v1', { ca: first?.cert });
    await once(socket, 'open');
    expect(await served(port)).toBe(inBase64(first));

    // A file that is being written is empty at first.
    const keptWhile = async (files: Partial<TestCertificate>): Promise<void> => {
      lines.length = 0;
      await write(files);
      while (!lines.some((line) => line.includes('keeping the previous one'))) await served(port);
      expect(await served(port)).toBe(inBase64(first));
    };
    await keptWhile({ key: '' });
    await keptWhile({ cert: '' });
    // Only one of the two files has changed yet, so they don't belong together.
    await keptWhile({ ...first, cert: second?.cert ?? '' });
    await write({ key: second?.key ?? '' });
    while ((await served(port)) !== inBase64(second));
    expect(lines.some((line) => line.includes('TLS certificate reloaded'))).toBe(true);

    socket.send('{"type":"ping"}');
    expect(await edge.sockets[0]?.nth(1)).toMatchObject({ event: 'message', frame: '{"type":"ping"}' });
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });

  it('I52: answers nothing over plain HTTP', async () => {
    await write(first ?? {});
    using files = openFiles();
    await using edge = await TestEdge.start({ tls: files });
    const socket = connect(edge.server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'close');
    expect(answer).not.toContain('200');
    expect(edge.refusals).toEqual(['protocol-error']);
  });
});

describe('the files of the certificate', () => {
  it('are not needed', () => {
    expect(openFiles({ TLS_CERT_FILE: undefined, TLS_KEY_FILE: undefined })).toBeUndefined();
  });

  it.each([
    ['one without the other', { TLS_KEY_FILE: undefined }, 'TLS_KEY_FILE'],
    ['the other without the one', { TLS_CERT_FILE: undefined }, 'TLS_CERT_FILE'],
    ['a missing file', { TLS_KEY_FILE: '/nonexistent/key.pem' }, 'ENOENT'],
  ])('are named in an error about %s', async (_what, changed, problem) => {
    await write(first ?? {});
    expect(() => openFiles(changed)).toThrow(ConfigError);
    expect(() => openFiles(changed)).toThrow(problem);
  });

  it.each(['cert', 'key'] as const)('must not be empty: %s', async (file) => {
    await write({ ...first, [file]: '\n' });
    expect(() => openFiles()).toThrow(/the file is empty/);
  });

  it('must belong together', async () => {
    await write({ cert: first?.cert ?? '', key: second?.key ?? '' });
    expect(() => openFiles()).toThrow(/TLS_CERT_FILE.*must belong to the key/s);
  });
});
