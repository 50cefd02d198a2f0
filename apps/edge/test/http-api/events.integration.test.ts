import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { call, edgesForFile } from './edges-for-file.ts';
import { EventClient } from './event-client.ts';
import { StreamClient } from './stream-client.ts';

const [key, smallKey] = ['a-key-of-this-test-alone', 'the-key-of-small-tenant'];
const { urls, metricsUrls } = await edgesForFile({
  API_KEYS: `clinic:${key},small:${smallKey}`,
  TRUSTED_PROXIES: 'loopback',
  MAX_LISTENERS_PER_TENANT: '8',
  MAX_TEXT_CHARS: '200000',
  MAX_UNREAD_BYTES: '131072',
});
const eventsUrl = (joinCode: string, edge: 0 | 1, query = 'lang=en'): string =>
  `${urls[edge]}/v1/listen/${joinCode}/events?${query}`;
const listen = (joinCode: string, edge: 0 | 1, lastEventId?: string): Promise<EventClient> =>
  EventClient.open(eventsUrl(joinCode, edge), lastEventId === undefined ? {} : { 'last-event-id': lastEventId });

const isEnded = ({ type }: ServerMessage): boolean => type === 'session.ended';
const finalOf = (segmentId: number) => (message: ServerMessage) =>
  message.type === 'transcript.final' && message.segmentId === segmentId;
const segmentsOf = ({ messages }: EventClient): number[] =>
  messages.flatMap((message) => (message.type === 'transcript.final' ? [message.segmentId] : []));

/** Speaks finals; listeners of the source language receive them without a worker. */
async function speak(host: StreamClient, from: number, to = from): Promise<void> {
  for (let segmentId = from; segmentId <= to; segmentId++) {
    host.send({ type: 'transcript.final', segmentId, text: `sentence ${segmentId}\n\nid: 1` });
    await host.waitForMessage((message) => message.type === 'transcript.accepted' && message.segmentId === segmentId);
  }
}

describe('GET /v1/listen/CODE/events', () => {
  it('sends what a WebSocket would send, with offsets as IDs', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode } = await host.start({ targetLanguages: ['en'] });
    await using socket = await StreamClient.open(urls[1], `join.${joinCode}`);
    await socket.ask({ type: 'session.join', joinCode, targetLanguages: ['en'] });
    await using listener = await listen(joinCode, 1);
    expect(Object.fromEntries(listener.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
    });
    host.send({ type: 'transcript.partial', segmentId: 1, revision: 0, text: 'sent' });
    await speak(host, 1);
    host.send({ type: 'session.end' });
    await Promise.all([listener.waitForMessage(isEnded), socket.waitForMessage(isEnded)]);
    await listener.ended;
    expect(listener.messages).toEqual(socket.messages);
    expect(listener.events.map(({ type }) => type)).toEqual(socket.messages.map(({ type }) => type));
    const [joined, partial, final, ended] = listener.events;
    expect(partial).toEqual({ type: 'transcript.partial', id: undefined });
    expect(final).toMatchObject({
      type: 'transcript.final',
      id: String((socket.messages[2] as { offset: number }).offset),
    });
    expect(Number(joined?.id)).toBeLessThan(Number(final?.id));
    expect(Number(ended?.id)).toBeGreaterThan(Number(final?.id));

    // A browser reconnects when a stream ends, unless it is told that there is nothing more.
    const again = await listen(joinCode, 0, listener.lastEventId);
    expect(again.response.status).toBe(204);
    await using late = await listen(joinCode, 0, final?.id);
    await late.ended;
    expect(late.messages.map(({ type }) => type)).toEqual(['session.joined', 'session.ended']);
  });

  it('stops browsers from reconnecting to a session that was deleted', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode, sessionId } = await host.start();
    await using listener = await listen(joinCode, 1);
    await call(`${urls[0]}/v1/sessions/${sessionId}`, { method: 'DELETE', key });
    await listener.waitForMessage(isEnded);
    await listener.ended;
    await using again = await listen(joinCode, 0, listener.lastEventId);
    expect(again.response.status).toBe(204);
  });

  it.each([0, 3])('I23: resumes on another edge after %i finals, without loss or repetition', async (received) => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode } = await host.start();
    const before = await listen(joinCode, 0);
    await before.waitForMessage(({ type }) => type === 'session.joined');
    if (received > 0) {
      await speak(host, 1, received);
      await before.waitForMessage(finalOf(received));
    }
    await before[Symbol.asyncDispose]();
    await speak(host, received + 1, received + 12);
    await using after = await listen(joinCode, 1, before.lastEventId);
    await after.waitForMessage(finalOf(received + 12));
    await speak(host, received + 13);
    await after.waitForMessage(finalOf(received + 13));
    const expected = Array.from({ length: received + 13 }, (_, index) => index + 1);
    expect([...segmentsOf(before), ...segmentsOf(after)]).toEqual(expected);
  });

  it('I23: delivers what is said also to clients whose offset is beyond the log', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode, sessionId, resumeToken } = await host.start({ targetLanguages: ['en'] });
    await speak(host, 1);
    const offset = Number.MAX_SAFE_INTEGER;
    await using socket = await StreamClient.open(urls[1], `join.${joinCode}`);
    const joined = await socket.ask({ type: 'session.join', joinCode, targetLanguages: ['en'], offset });
    expect(joined).toMatchObject({ type: 'session.joined', recovered: false });
    await using listener = await listen(joinCode, 1, String(offset));
    await using again = await StreamClient.open(urls[1], `bearer.${key}`);
    const resumed = await again.ask({ type: 'session.resume', sessionId, resumeToken, offset, held: [] });
    expect(resumed).toMatchObject({ type: 'session.resumed', recovered: false });
    await speak(again, 2);
    const hasCome = ({ type }: ServerMessage): boolean => type === 'translation.final';
    await Promise.all([listener.waitForMessage(finalOf(2)), again.waitForMessage(hasCome)]);
    await socket.waitForMessage(finalOf(2));
    expect(segmentsOf(listener)).toEqual([2]);
    expect(Number(listener.lastEventId)).toBeLessThan(offset);
  });

  it('counts as a listener while it is connected', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode, sessionId } = await host.start();
    const listeners = async (): Promise<unknown> =>
      ((await call(`${urls[0]}/v1/sessions/${sessionId}`, { key })).body as { listeners: unknown }).listeners;
    await using listener = await listen(joinCode, 1);
    await listener.waitForMessage(({ type }) => type === 'session.joined');
    expect(await listeners()).toBe(1);
  });

  it('allows one stream per connection, so that connections bound their number', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode } = await host.start();
    const { port, host: hostHeader, pathname, search } = new URL(eventsUrl(joinCode, 0));
    const connection = connect(Number(port), '127.0.0.1');
    try {
      const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostHeader}\r\n\r\n`;
      connection.write(request.repeat(5));
      let received = '';
      for await (const chunk of connection.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        received += chunk.toString();
        if (received.includes('session.joined')) break;
      }
      host.send({ type: 'session.end' });
      await host.waitForMessage(isEnded);
      for await (const chunk of connection as AsyncIterable<Buffer>) {
        received += chunk.toString();
        if (received.split('HTTP/1.1 ').length > 5) break;
      }
      expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', ...Array<string>(4).fill('HTTP/1.1 400')]);
      expect(received.match(/^event: session.joined$/gm)).toHaveLength(1);
    } finally {
      connection.destroy();
    }
  });

  it('refuses a wrong code, and after many of them any code from that address', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const tryCode = (from = headers) => call(eventsUrl('WRONGCODE0', 0), { headers: from });
    expect(await tryCode()).toMatchObject({ status: 404, body: { error: { code: 'join-code-unknown' } } });
    for (let tries = 1; tries < 20; tries++) await tryCode();
    expect(await tryCode()).toMatchObject({ status: 429, body: { error: { code: 'too-many-tries' } } });
    await expect(StreamClient.open(urls[0], 'join.WRONGCODE0')).rejects.toThrow('401');
    expect(await tryCode({ 'x-forwarded-for': '203.0.113.8' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['no language', '', {}, 'invalid-field', 'lang'],
    ['an unknown language', 'lang=es,french', {}, 'invalid-field', 'lang'],
    ['a language that is not offered', 'lang=fr', {}, 'language-not-offered', 'lang'],
    ['an invalid ID', 'lang=es', { 'last-event-id': 'x' }, 'invalid-field', 'last-event-id'],
    ['an empty offset', 'lang=es&offset=', {}, 'invalid-field', 'offset'],
  ])('refuses %s', async (_what, query, headers, code, param) => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode } = await host.start();
    const reply = await call(eventsUrl(joinCode, 1, query), { headers });
    expect(reply).toMatchObject({ status: 400, body: { error: { code, param } } });
  });

  it('counts towards the listeners of the tenant', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${smallKey}`);
    const { joinCode } = await host.start();
    await using listeners = new AsyncDisposableStack();
    for (let count = 1; count < 9; count++) {
      const { response } = listeners.use(await listen(joinCode, count % 2 === 0 ? 0 : 1));
      expect(response.status).toBe(200);
    }
    expect(await call(eventsUrl(joinCode, 0))).toMatchObject({
      status: 429,
      body: { error: { code: 'too-many-listeners' } },
    });
  });

  it('cuts a listener that does not read', async () => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode } = await host.start();
    const [response] = (await once(get(eventsUrl(joinCode, 1)), 'response')) as [IncomingMessage];
    response.pause();
    const cut = async (): Promise<boolean> =>
      /^parley_edge_slow_clients_closed_total 1$/m.test(await (await fetch(metricsUrls[1])).text());
    for (let segmentId = 1; !(await cut()); segmentId++) {
      host.send({ type: 'transcript.final', segmentId, text: 'x'.repeat(190_000) });
      await host.waitForMessage((message) => message.type === 'transcript.accepted' && message.segmentId === segmentId);
    }
    response.destroy();
    await delay(0);
  });
});
