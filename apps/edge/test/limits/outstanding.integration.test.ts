import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import type { ClientMessageInput, ErrorMessage, ServerMessage } from '@parley/protocol';
import { PendingStore } from '@parley/redis/pending';
import { createLogger } from '@parley/telemetry';
import { WebSocket } from 'ws';
import { startRedis } from '../../../../test/harness/index.ts';
import { startEdge } from '../../src/index.ts';

let server: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const keys = { one: 'key-of-tenant-one', two: 'key-of-tenant-two' };
const quotas = { MAX_OUTSTANDING_BYTES_PER_SESSION: '131072', MAX_OUTSTANDING_BYTES_PER_TENANT: '196608' };

/** Two edges on one Redis, and no worker: what is accepted stays outstanding. */
async function startEdges() {
  await server.connect().flushall();
  await using opened = new AsyncDisposableStack();
  const edges: Awaited<ReturnType<typeof startEdge>>[] = [];
  for (let count = 0; count < 2; count++) {
    const environment = { PORT: '0', REDIS_URL: server.url, API_KEYS: `one:${keys.one},two:${keys.two}`, ...quotas };
    const edge = await startEdge(loadConfig(environment), createLogger({ LOG_LEVEL: 'silent' }, 'edge'));
    opened.defer(() => edge.close());
    while (!(await fetch(new URL('/readyz', edge.url))).ok) await wait(5);
    edges.push(edge);
  }
  const clients: WebSocket[] = [];
  opened.defer(() => {
    for (const client of clients) client.terminate();
  });
  const owned = opened.move();
  return {
    metrics: async () => (await fetch(edges[0]?.metricsUrl ?? '')).text(),
    speak: async (edge: number, tenant: keyof typeof keys) => {
      const url = new URL('/v1/stream', edges[edge]?.url);
      url.protocol = 'ws:';
      const socket = new WebSocket(url, 'parley.v1', { headers: { authorization: `Bearer ${keys[tenant]}` } });
      clients.push(socket);
      const messages: ServerMessage[] = [];
      socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
      await once(socket, 'open');
      const until = async (fits: (message: ServerMessage) => boolean): Promise<ServerMessage> => {
        for (;;) {
          const found = messages.find(fits);
          if (found !== undefined) return found;
          await once(socket, 'message');
        }
      };
      const send = (message: ClientMessageInput) => socket.send(JSON.stringify(message));
      send({ type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'], ordered: true });
      const started = await until(({ type }) => type === 'session.started');
      return {
        messages,
        sessionId: 'sessionId' in started ? started.sessionId : '',
        /** Sends a final of some 20 KB and returns the answer to it. */
        final: async (segmentId: number) => {
          messages.length = 0;
          send({ type: 'transcript.final', id: `${segmentId}`, segmentId, text: 'x'.repeat(9800) });
          return until(
            (message) =>
              (message.type === 'transcript.accepted' && message.segmentId === segmentId) ||
              (message.type === 'error' && message.causedBy === `${segmentId}`),
          );
        },
        sendFinals: (ids: readonly number[]) => {
          messages.length = 0;
          for (const id of ids) send({ type: 'transcript.final', id: `${id}`, segmentId: id, text: `${id}` });
        },
        until,
      };
    },
    resolve: (sessionId: string, segmentId: number) =>
      new PendingStore(server.connect()).resolve(
        { sessionId, segmentId, target: 'es' },
        {
          ...{ v: 1, type: 'translation', segmentId, targetLanguage: 'es', text: 'x', language: 'en' },
          ...{ cached: false, receivedAtMs: 1, queueMs: 0, engineMs: 0 },
        },
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Speaker = Awaited<ReturnType<Awaited<ReturnType<typeof startEdges>>['speak']>>;

/** Sends finals until one is refused. Returns the number of the first refused one, and the refusal. */
async function fill(speaker: Speaker): Promise<{ refused: number; error: ErrorMessage }> {
  for (let segmentId = 1; ; segmentId++) {
    const answer = await speaker.final(segmentId);
    if (answer.type === 'error') return { refused: segmentId, error: answer };
  }
}

const acceptedIn = (messages: readonly ServerMessage[]) =>
  messages.flatMap((message) => (message.type === 'transcript.accepted' ? [message.segmentId] : []));

describe('finals beyond the quota', () => {
  it('I47: are refused with a time, and accepted in order when they are sent again after it', async () => {
    await using edges = await startEdges();
    const speaker = await edges.speak(0, 'one');
    const { refused, error } = await fill(speaker);
    expect(error).toMatchObject({ code: 'too-much-outstanding', retryable: true });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    // 128 KiB, and each counts almost 11 KiB.
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(14);
    for (const resolved of [1, 2, 3, 4]) await edges.resolve(speaker.sessionId, resolved);
    // There is room now, but not for others before the one that was refused.
    expect(await speaker.final(refused + 1)).toMatchObject({ type: 'error', code: 'too-much-outstanding' });
    await wait(error.retryAfterMs);
    speaker.sendFinals([refused + 2, refused, refused + 1, refused + 2]);
    await speaker.until((message) => message.type === 'transcript.accepted' && message.segmentId === refused + 2);
    expect(acceptedIn(speaker.messages)).toEqual([refused, refused + 1, refused + 2]);
    expect(await edges.metrics()).toMatch(/parley_edge_refusals_total\{reason="too-much-outstanding"\} [1-9]/);
  });

  it('I47: of all sessions of a tenant together are refused on each edge, and those of another tenant are not', async () => {
    await using edges = await startEdges();
    const [first, second] = [await edges.speak(0, 'one'), await edges.speak(1, 'one')];
    const filled = await fill(first);
    const beside = await fill(second);
    // 192 KiB together.
    expect(beside.refused).toBeLessThan(filled.refused - 3);
    expect(beside.error).toMatchObject({ code: 'too-much-outstanding', retryable: true });
    const other = await edges.speak(1, 'two');
    for (let segmentId = 1; segmentId < filled.refused; segmentId++) {
      expect(await other.final(segmentId)).toMatchObject({ type: 'transcript.accepted' });
    }
  });
});
