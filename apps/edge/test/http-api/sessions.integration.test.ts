import { describe, expect, it } from '@jest/globals';
import type { SessionsReply } from '@parley/protocol/http-api';
import { call, edgesForFile } from './edges-for-file.ts';
import { StreamClient } from './stream-client.ts';

const [key, otherKey] = ['a-key-of-this-test-alone', 'the-key-of-other-tenant'];
// With several shards, nearly every session ID names one.
const shards = { QUEUE_SHARDS: '16' };
const { urls, redis } = await edgesForFile({ API_KEYS: `clinic:${key},church:${otherKey}`, ...shards });
const open = (edge: 0 | 1, credential = `bearer.${key}`) => StreamClient.open(urls[edge], credential);
const sessionUrl = (sessionId: string, edge: 0 | 1 = 1): string => `${urls[edge]}/v1/sessions/${sessionId}`;
const unknown = { status: 404, body: { error: { code: 'session-unknown' } } };

async function tokenFor(request: object): Promise<string> {
  const body = { expiresInSeconds: 60, ...request };
  const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body });
  return (reply.body as { token: string }).token;
}

async function listed(apiKey: string, query = ''): Promise<SessionsReply> {
  const { status, body } = await call(`${urls[1]}/v1/sessions${query}`, { key: apiKey });
  expect(status).toBe(200);
  return body as SessionsReply;
}

describe('GET /v1/sessions', () => {
  it('lists the sessions of the own tenant on all edges, with their listeners', async () => {
    await using host = await open(0);
    await using otherHost = await open(1);
    await using stranger = await open(0, `bearer.${otherKey}`);
    const { sessionId, joinCode } = await host.start({ targetLanguages: ['es', 'ca'] });
    const other = await otherHost.start();
    const strange = await stranger.start();
    await using listener = await open(1, `join.${joinCode}`);
    await listener.ask({ type: 'session.join', joinCode, targetLanguages: ['ca'] });

    const { sessions } = await listed(key);
    expect(sessions.map((session) => session.sessionId)).toEqual([other.sessionId, sessionId]);
    expect(sessions[1]).toEqual({
      sessionId,
      tenant: 'clinic',
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      sourceLanguage: 'en',
      targetLanguages: ['es', 'ca'],
      listeners: 1,
      state: 'live',
    });
    expect((await listed(otherKey)).sessions).toMatchObject([{ sessionId: strange.sessionId, tenant: 'church' }]);
    expect(await call(sessionUrl(sessionId), { key })).toMatchObject({ status: 200, body: sessions[1] });
    expect(await call(sessionUrl(sessionId), { key: otherKey })).toMatchObject(unknown);

    const first = await listed(key, '?limit=1');
    expect(first.sessions).toMatchObject([{ sessionId: other.sessionId }]);
    const rest = await listed(key, `?limit=5&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect(rest.sessions[0]).toMatchObject({ sessionId });
    expect(rest.nextCursor).toBeUndefined();
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=x', 'cursor'],
  ])('refuses %s', async (query, param) => {
    const reply = await call(`${urls[0]}/v1/sessions?${query}`, { key });
    expect(reply).toMatchObject({ status: 400, body: { error: { code: 'invalid-field', param } } });
  });

  it('needs a key', async () => {
    expect(await call(`${urls[0]}/v1/sessions`)).toMatchObject({ status: 401 });
    const token = await tokenFor({ scope: 'speak' });
    expect(await call(`${urls[0]}/v1/sessions`, { key: token })).toMatchObject({ status: 403 });
  });
});

describe('GET /v1/sessions/ID', () => {
  it('is open to a token to speak, for its session', async () => {
    await using host = await open(0);
    await using otherHost = await open(0);
    const [{ sessionId }, other] = [await host.start(), await otherHost.start()];
    const statusWith = async (request: object, id = sessionId): Promise<number> =>
      (await call(sessionUrl(id), { key: await tokenFor(request) })).status;
    expect(await statusWith({ scope: 'speak' })).toBe(200);
    expect(await statusWith({ scope: 'speak', sessionId })).toBe(200);
    expect(await statusWith({ scope: 'speak', sessionId }, other.sessionId)).toBe(404);
    expect(await statusWith({ scope: 'listen', sessionId })).toBe(403);
  });
});

describe('DELETE /v1/sessions/ID', () => {
  it('I41: ends the session on every edge and erases what was said', async () => {
    await using host = await open(0);
    const { sessionId, joinCode } = await host.start({ context: 'secret context' });
    await using listener = await open(1, `join.${joinCode}`);
    await listener.ask({ type: 'session.join', joinCode, targetLanguages: ['en'] });
    host.send({ type: 'transcript.final', segmentId: 1, text: 'secret final' });
    await listener.waitForMessage(({ type }) => type === 'transcript.final');

    const deleted = await call(sessionUrl(sessionId), { method: 'DELETE', key });
    expect(deleted).toMatchObject({ status: 204, body: undefined });
    for (const client of [host, listener]) {
      expect(await client.waitForMessage(({ type }) => type === 'session.ended')).toMatchObject({
        usage: { segments: 1 },
      });
      expect(await client.closed).toBe(1000);
    }
    for (const name of await redis.keys(`{s:${sessionId}}*`)) {
      const kept = name.endsWith(':log') ? await redis.xrange(name, '-', '+') : await redis.hgetall(name);
      expect(JSON.stringify(kept)).not.toContain('secret');
    }
    expect((await listed(key)).sessions.map((session) => session.sessionId)).not.toContain(sessionId);
    expect(await call(sessionUrl(sessionId), { key })).toMatchObject(unknown);
    expect(await call(sessionUrl(sessionId), { method: 'DELETE', key })).toMatchObject(unknown);
  });

  it('I41: tells a speaker that comes back later that the session has ended', async () => {
    const host = await open(0);
    const { sessionId, resumeToken, offset } = await host.start();
    await host[Symbol.asyncDispose]();
    await call(sessionUrl(sessionId), { method: 'DELETE', key });
    await using again = await open(1);
    again.send({ type: 'session.resume', sessionId, resumeToken, offset });
    await again.waitForMessage(({ type }) => type === 'session.ended');
    expect(await again.closed).toBe(1000);
  });

  it('frees the place of the session in the limit of its tenant, if the speaker is away, too', async () => {
    const host = await open(0);
    const { sessionId } = await host.start();
    await host[Symbol.asyncDispose]();
    const places = () => redis.zrange('tenant:clinic:sessions', '0', '-1');
    expect(await places()).toContain(sessionId);
    expect(await call(sessionUrl(sessionId), { method: 'DELETE', key })).toMatchObject({ status: 204 });
    expect(await places()).not.toContain(sessionId);
  });

  it('needs no body, although a client may label it as JSON', async () => {
    await using host = await open(0);
    const { sessionId } = await host.start();
    const request = { method: 'DELETE', key, headers: { 'content-type': 'application/json' } };
    expect(await call(sessionUrl(sessionId), { ...request, body: '{' })).toMatchObject({ status: 400 });
    expect(await call(sessionUrl(sessionId), { ...request, body: '' })).toMatchObject({ status: 204 });
  });

  it('is refused to other tenants, and to tokens that do not name the session', async () => {
    await using host = await open(0);
    const { sessionId } = await host.start();
    const statusWith = async (credential: string): Promise<number> =>
      (await call(sessionUrl(sessionId), { method: 'DELETE', key: credential })).status;
    expect(await statusWith(otherKey)).toBe(404);
    expect(await statusWith(await tokenFor({ scope: 'speak' }))).toBe(403);
    expect(await statusWith(await tokenFor({ scope: 'listen', sessionId }))).toBe(403);
    expect(await call(sessionUrl(sessionId), { key })).toMatchObject({ body: { state: 'live' } });
    expect(await statusWith(await tokenFor({ scope: 'speak', sessionId }))).toBe(204);
  });
});
