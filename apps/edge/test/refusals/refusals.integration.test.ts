import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { WebSocket } from 'ws';
import { startRedis } from '../../../../test/harness/index.ts';
import { startEdge } from '../../src/index.ts';

const key = 'key-of-tenant-one';
const secrets = {
  key: 'no-key-of-anybody',
  code: 'WRONGCODE9',
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiJvbmUifQ.AAAA',
};

type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** An edge in this process whose log lines are kept. */
async function startLogged(environment: Record<string, string>) {
  await using opened = new AsyncDisposableStack();
  const redis = opened.use(await startRedis());
  const lines: LogLine[] = [];
  const config = loadConfig({ PORT: '0', REDIS_URL: redis.url, ...environment });
  const write = (line: string): void => void lines.push(JSON.parse(line) as LogLine);
  const edge = await startEdge(config, createLogger({ LOG_LEVEL: 'info' }, 'edge', { write }));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= edge.close());
  opened.defer(close);
  const owned = opened.move();
  const { port } = new URL(edge.url);
  return {
    lines,
    close,
    port: Number(port),
    url: (path: string) => new URL(path, edge.url),
    /** The counts that are not zero, by reason. */
    counts: async () => {
      const page = await (await fetch(edge.metricsUrl)).text();
      const counts = [...page.matchAll(/^parley_edge_refusals_total\{reason="([\w-]+)"\} ([1-9]\d*)$/gm)];
      return Object.fromEntries(counts.map(([, reason = '', count]) => [reason, Number(count)] as const));
    },
    /** Tries to open a socket; resolves when it is refused. */
    refused: async (protocols: string[], headers: Record<string, string> = {}) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, protocols, { headers });
      await once(socket, 'error');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Sends bytes that are no HTTP; resolves when the edge has closed the connection. */
async function sendGarbage(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write('\u0016\u0003\u0001 not HTTP\r\n\r\n');
  await once(socket, 'close');
}

describe('refused clients', () => {
  it('are counted by reason and logged once for each source, without their secrets', async () => {
    await using edge = await startLogged({ API_KEYS: `one:${key}`, MAX_FRAMES_PER_SECOND: '1', MAX_FRAME_BURST: '1' });
    for (let time = 0; time < 3; time += 1) {
      await edge.refused(['parley.v1'], { authorization: `Bearer ${secrets.key}` });
    }
    await edge.refused(['parley.v1']);
    await edge.refused(['parley.v1', `join.${secrets.code}`]);
    await edge.refused(['parley.v1', `bearer.${secrets.token}`]);
    await edge.refused(['another.v1'], { authorization: `Bearer ${key}` });
    await fetch(edge.url('/v1/sessions'), { headers: { authorization: `Bearer ${secrets.key}` } });
    await fetch(edge.url(`/v1/listen/${secrets.code}/events?lang=es`));
    await fetch(edge.url(`/v1/sessions/x/transcript.txt?lang=es&joinCode=${secrets.code}`));
    const body = { method: 'POST', body: 'no JSON', headers: { 'content-type': 'application/json' } };
    await fetch(edge.url('/v1/tokens'), body);
    await sendGarbage(edge.port);

    const client = new WebSocket(edge.url('/v1/stream').href.replace('http', 'ws'), 'parley.v1', {
      headers: { authorization: `Bearer ${key}` },
    });
    await once(client, 'open');
    let answers = 0;
    const answered = new Promise<void>((resolve) => {
      client.on('message', () => ++answers === 2 && resolve());
    });
    client.send('no JSON');
    client.send('{"type":"ping"}');
    await answered;
    client.close();
    await once(client, 'close');

    expect(await edge.counts()).toEqual({
      'wrong-key': 4,
      'no-key': 1,
      'wrong-code': 3,
      'wrong-token': 1,
      subprotocol: 1,
      'invalid-request': 1,
      'protocol-error': 1,
      'invalid-message': 1,
      'too-many-frames': 1,
    });
    await edge.close();
    const refusals = edge.lines.filter(({ msg }) => msg === 'client refused');
    expect(refusals.map(({ reason }) => reason).sort()).toEqual([
      'invalid-message',
      'invalid-request',
      'no-key',
      'protocol-error',
      'subprotocol',
      'too-many-frames',
      'wrong-code',
      'wrong-key',
      'wrong-token',
    ]);
    for (const { level, address } of refusals) expect([level, address]).toEqual(['info', '127.0.0.1']);
    expect(refusals.find(({ reason }) => reason === 'invalid-message')).toMatchObject({ tenant: 'one' });
    const more = edge.lines.filter(({ msg }) => msg === 'more clients refused');
    expect(more.map(({ reason, omitted }) => [reason, omitted])).toEqual([
      ['wrong-key', 3],
      ['wrong-code', 2],
    ]);
    const log = JSON.stringify(edge.lines);
    for (const secret of [...Object.values(secrets), key]) expect(log).not.toContain(secret);
    // On a busy machine Redis is connected later than it is checked.
    const warnings = edge.lines.filter(
      ({ level, msg }) => !['debug', 'info'].includes(String(level)) && !msg.startsWith('Redis'),
    );
    expect(warnings).toEqual([]);
  });

  it('without keys, are told apart by what is wrong', async () => {
    await using edge = await startLogged({});
    await edge.refused(['parley.v1'], { host: 'rebound.example' });
    await edge.refused(['parley.v1'], { origin: 'https://another.example' });
    await edge.refused(['parley.v1'], { 'x-forwarded-for': '203.0.113.5' });
    await fetch(edge.url('/missing'), { headers: { 'x-forwarded-for': '203.0.113.5' } });
    expect(await edge.counts()).toEqual({ host: 1, origin: 1, proxy: 2 });
  });
});
