import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { EndedSessions, SessionErasure } from '@parley/redis/session';
import { createLogger, createThreadRegistry, createWebhookMetrics } from '@parley/telemetry';
import { loadConfig } from '@parley/config';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openSession } from '../../../packages/redis/test/fixture.ts';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { startWebhookReceiver as startReceiver } from '../../../test/harness/webhook-receiver.ts';
import { postEvent } from '../src/webhook/post-event.ts';
import { reportSessionEnd } from '../src/sweeper/report-session-end.ts';
import { Webhook } from '../src/webhook/webhook.ts';

const secret = 'a secret of the test';
const logger = createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker');

let server: TestRedis;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await server.connect().flushall();
});

function openWebhook(url: string) {
  const registry = createThreadRegistry();
  const metrics = createWebhookMetrics(registry);
  const ended = Promise.withResolvers<undefined>();
  const webhook = new Webhook({
    url,
    secret,
    redis: server.connect(),
    metrics: {
      ...metrics,
      delivered: () => {
        metrics.delivered();
        ended.resolve(undefined);
      },
    },
    onError: () => undefined,
    logger,
  });
  return { webhook, delivered: ended.promise, metrics: () => registry.metrics() };
}

/** Does what a worker does at each inspection of an ended session. */
async function report(sessionId: string, webhook: Webhook): Promise<void> {
  await reportSessionEnd(sessionId, { ended: new EndedSessions(server.connect()), webhook, logger });
}

async function endedSession() {
  const redis = server.connect();
  const session = await openSession(redis, { targetLanguages: ['es', 'ca'] });
  await session.settle(1, 'what was said', ['es']);
  await session.resolve(1);
  await session.sessions.end(session.sessionId, 'owner');
  return { redis, ...session };
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();

type Check = (header: unknown, body: string, secret: string, nowMs?: number) => boolean;

/** The example of the documentation. */
async function documentedCheck(): Promise<Check> {
  const page = readFileSync(new URL('../../../docs/webhook.md', import.meta.url), 'utf8');
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const example = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { isFromParley: Check };
  return example.isFromParley;
}

describe('the webhook', () => {
  it('I46: gets one event of an ended session, repeated until it is accepted, from however many workers', async () => {
    await using receiver = await startReceiver(status(500), status(503));
    const first = openWebhook(receiver.url);
    await using one = first.webhook;
    const second = openWebhook(receiver.url);
    await using other = second.webhook;
    const { sessionId, head } = await endedSession();
    await Promise.all([report(sessionId, one), report(sessionId, other), report(sessionId, one)]);
    await receiver.requests(3);
    await Promise.race([first.delivered, second.delivered]);
    expect(await new EndedSessions(server.connect()).findUnreported(sessionId)).toBeUndefined();
    const bodies = new Set(receiver.received.map(({ body }) => body));
    expect(receiver.received).toHaveLength(3);
    expect(bodies.size).toBe(1);
    const [request] = receiver.received;
    expect(JSON.parse(request?.body ?? '')).toEqual({
      id: `session-ended-${sessionId}`,
      type: 'session.ended',
      sessionId,
      tenant: 't',
      startedAt: new Date(Math.floor(head / 1000)).toISOString(),
      endedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      sourceLanguage: 'en',
      targetLanguages: ['es', 'ca'],
      usage: { segments: 1, translations: 1, cached: 0, tokens: 0 },
      transcripts: ['en', 'es', 'ca'].map((language) => ({
        language,
        srt: `/v1/sessions/${sessionId}/transcript.srt?lang=${language}`,
        vtt: `/v1/sessions/${sessionId}/transcript.vtt?lang=${language}`,
        txt: `/v1/sessions/${sessionId}/transcript.txt?lang=${language}`,
        json: `/v1/sessions/${sessionId}/transcript.json?lang=${language}`,
      })),
    });
    expect(request?.body).not.toContain('said');
    expect(request?.headers).toMatchObject({ 'user-agent': 'Parley-Webhook/1', 'content-type': 'application/json' });
    const isFromParley = await documentedCheck();
    for (const { headers, body } of receiver.received) {
      const signature = headers['x-parley-signature'];
      expect(isFromParley(signature, body, secret)).toBe(true);
      expect(isFromParley(signature, `${body} `, secret)).toBe(false);
      expect(isFromParley(signature, body, 'another secret')).toBe(false);
      expect(isFromParley(signature, body, secret, Date.now() + 600_000)).toBe(false);
    }
    const pages = [await first.metrics(), await second.metrics()].join('\n');
    const sum = (outcome: string) =>
      [...pages.matchAll(new RegExp(`attempts_total{outcome="${outcome}"} (\\d+)`, 'g'))].reduce(
        (total, [, count]) => total + Number(count),
        0,
      );
    expect([sum('delivered'), sum('failed')]).toEqual([1, 2]);
  });

  it('I46: is told of a deleted session, without its transcript', async () => {
    await using receiver = await startReceiver();
    const { webhook, delivered } = openWebhook(receiver.url);
    await using open = webhook;
    const { redis, sessionId } = await endedSession();
    const languages = { sourceLanguage: 'en', targetLanguages: ['es'] };
    await new SessionErasure(redis).erase(sessionId, languages);
    await report(sessionId, open);
    await delivered;
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ sessionId, transcripts: [] });
  });

  it('repeats an event whose request is aborted because the worker stops, with another worker', async () => {
    await using receiver = await startReceiver(() => undefined);
    const { webhook } = openWebhook(receiver.url);
    const { sessionId } = await endedSession();
    await report(sessionId, webhook);
    await receiver.requests(1);
    await webhook[Symbol.asyncDispose]();
    const next = openWebhook(receiver.url);
    await using open = next.webhook;
    await report(sessionId, open);
    await next.delivered;
    expect(receiver.received).toHaveLength(2);
  });

  it('is not told of sessions that go on or no longer exist, and brings back none', async () => {
    const redis = server.connect();
    const ended = new EndedSessions(redis);
    const { sessionId } = await openSession(redis);
    expect(await ended.findUnreported(sessionId)).toBeUndefined();
    await ended.markReported('gone');
    expect(await redis.keys('{s:gone}*')).toEqual([]);
  });
});

describe('a request of the webhook', () => {
  const event = { v: 1, id: 'e', body: '{}' } as const;
  const never = new AbortController().signal;

  it('does not follow a redirect', async () => {
    await using target = await startReceiver();
    await using receiver = await startReceiver(status(307, { location: target.url }));
    await expect(postEvent({ url: receiver.url, secret }, event, never)).rejects.toMatchObject({ status: 307 });
    expect(target.received).toEqual([]);
  });

  it('ends after a time limit if there is no answer', async () => {
    await using receiver = await startReceiver(() => undefined);
    const how = { url: receiver.url, secret, timeoutMs: 50 };
    await expect(postEvent(how, event, never)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('does not read an endless answer', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    await using receiver = await startReceiver((response) => {
      const write = (): void => {
        if (!response.destroyed) response.write('x'.repeat(65_536), write);
      };
      closed = once(response, 'close');
      response.writeHead(200);
      write();
    });
    await postEvent({ url: receiver.url, secret }, event, never);
    await closed;
  });
});
