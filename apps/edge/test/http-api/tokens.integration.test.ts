import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { call, edgesForFile } from './edges-for-file.ts';
import { StreamClient } from './stream-client.ts';

const [key, otherKey] = ['a-key-of-this-test-alone', 'the-key-of-other-tenant'];
const { urls, redis } = await edgesForFile({ API_KEYS: `clinic:${key},church:${otherKey}` });

async function makeToken(request: object, apiKey = key): Promise<string> {
  const { status, body } = await call(`${urls[0]}/v1/tokens`, {
    method: 'POST',
    key: apiKey,
    body: { expiresInSeconds: 60, ...request },
  });
  expect(status).toBe(201);
  return (body as { token: string }).token;
}

describe('POST /v1/tokens', () => {
  it('makes a token that expires', async () => {
    const before = Date.now();
    const { status, headers, body } = await call(`${urls[0]}/v1/tokens`, {
      method: 'POST',
      key,
      body: { scope: 'speak', expiresInSeconds: 2 },
    });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { token, expiresAt } = body as { token: string; expiresAt: string };
    expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(before + 2000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + 3000);
    const check = () => call(`${urls[1]}/v1/languages`, { key: token });
    expect((await check()).status).toBe(200);
    await untilExpired(token);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(await check()).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized', message: 'the token is invalid or has expired' } },
    });
  });

  it.each([
    [{ scope: 'speak', expiresInSeconds: 0 }, 'expiresInSeconds'],
    [{ scope: 'speak', expiresInSeconds: 3601 }, 'expiresInSeconds'],
    [{ scope: 'speak' }, 'expiresInSeconds'],
    [{ scope: 'admin', expiresInSeconds: 60 }, 'scope'],
    [{ scope: 'listen', expiresInSeconds: 60, sessionId: '' }, 'sessionId'],
    [{ scope: 'listen', expiresInSeconds: 60, sessionID: 'x' }, 'sessionID'],
  ])('refuses %j and names the field', async (body, param) => {
    const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body });
    expect(reply).toMatchObject({ status: 400, body: { error: { code: 'invalid-field', param } } });
  });

  it.each([
    ['no JSON', '{', 400, 'not-json'],
    ['nothing', '', 400, 'not-json'],
    ['too much', JSON.stringify({ scope: 'x'.repeat(20_000) }), 413, 'body-too-large'],
  ])('refuses %s', async (_what, body, status, code) => {
    const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body });
    expect(reply).toMatchObject({ status, body: { error: { code } } });
  });

  it('needs a key, not a token', async () => {
    const token = await makeToken({ scope: 'speak' });
    const body = { scope: 'speak', expiresInSeconds: 60 };
    const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key: token, body });
    expect(reply).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it('makes tokens that every edge rejects once they are changed', async () => {
    const [header, claims = '', signature] = (await makeToken({ scope: 'listen' })).split('.');
    const changed = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
    const forged = (fields: object): string =>
      [header, Buffer.from(JSON.stringify({ ...changed, ...fields })).toString('base64url'), signature].join('.');
    for (const fields of [{ scope: 'speak' }, { tenant: 'church' }, { tenant: 'nobody' }, { exp: 9_999_999_999 }]) {
      expect((await call(`${urls[1]}/v1/languages`, { key: forged(fields) })).status).toBe(401);
    }
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    expect((await call(`${urls[1]}/v1/languages`, { key: unsigned })).status).toBe(401);
  });
});

describe('a token over the WebSocket', () => {
  const open = (edge: 0 | 1, token: string): Promise<StreamClient> => StreamClient.open(urls[edge], `bearer.${token}`);
  const join = (joinCode: string) => ({ type: 'session.join', joinCode, targetLanguages: ['es'] });

  it('I40: with the scope speak starts a session on any edge, and resumes it after it has expired, but nothing else', async () => {
    const [token, listenToken] = await Promise.all(
      ['speak', 'listen'].map((scope) => makeToken({ scope, expiresInSeconds: 1 })),
    );
    if (token === undefined || listenToken === undefined) throw new Error('there are no tokens');
    await using host = await open(1, token);
    const { sessionId, resumeToken, joinCode } = await host.start();
    await Promise.all([untilExpired(token), untilExpired(listenToken)]);
    const final = { type: 'transcript.final', segmentId: 1, text: 'Hello' };
    expect(await host.ask(final)).toMatchObject({ type: 'transcript.accepted' });
    expect(await redis.hget(`{s:${sessionId}}:session`, 'tenant')).toBe('clinic');

    await using again = await open(0, token);
    const resume = { type: 'session.resume', sessionId, resumeToken, offset: 0, held: [1] };
    expect(await again.ask(resume)).toMatchObject({ type: 'session.resumed', accepted: [1] });
    expect(await again.ask(final)).toMatchObject({ type: 'transcript.accepted' });
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };
    for (const message of [start, join(joinCode), { ...resume, resumeToken: 'another' }]) {
      await using late = await open(0, token);
      const isResume = message === resume || 'resumeToken' in message;
      expect(await late.ask(message)).toMatchObject({ code: isResume ? 'resume-token-wrong' : 'not-permitted' });
      expect(await late.closed).toBe(isResume ? 4401 : 4400);
    }
    await expect(open(0, listenToken)).rejects.toThrow('401');
    const session = `${urls[0]}/v1/sessions/${sessionId}`;
    for (const method of ['GET', 'DELETE'])
      expect(await call(session, { method, key: token })).toMatchObject({ status: 401 });
  });

  it('I40: corrects nothing after it has expired, unless it has resumed the session, and nothing outside of its room', async () => {
    await using host = await open(1, key);
    const { sessionId, resumeToken } = await host.start({ room: 'here' });
    host.send({ type: 'transcript.final', segmentId: 1, text: '' });
    await host.waitForMessage(({ type }) => type === 'transcript.accepted');
    const [expired, elsewhere] = await Promise.all([
      makeToken({ scope: 'speak', sessionId, expiresInSeconds: 1 }),
      makeToken({ scope: 'speak', sessionId, room: 'there' }),
    ]);
    await untilExpired(expired);
    const correction = { type: 'transcript.correct', sessionId, segmentId: 1, text: ' ' };
    await using outside = await open(0, elsewhere);
    expect(await outside.ask(correction)).toMatchObject({ type: 'error', code: 'not-permitted' });
    await using late = await open(0, expired);
    expect(await late.ask(correction)).toMatchObject({ type: 'error', code: 'not-permitted' });
    expect(await late.closed).toBe(4400);
    await using again = await open(0, expired);
    const resume = { type: 'session.resume', sessionId, resumeToken, offset: 0 };
    expect(await again.ask(resume)).toMatchObject({ type: 'session.resumed' });
    again.send(correction);
    await again.waitForMessage(({ type }) => type === 'correction.accepted');
  });

  it('I40: resumes no session of another tenant, nor does a key', async () => {
    await using host = await open(0, key);
    const { sessionId, resumeToken } = await host.start();
    for (const credential of [otherKey, await makeToken({ scope: 'speak' }, otherKey)]) {
      await using stranger = await open(1, credential);
      const resume = { type: 'session.resume', sessionId, resumeToken, offset: 0 };
      expect(await stranger.ask(resume)).toMatchObject({ type: 'error', code: 'session-unknown' });
    }
  });

  it('I40: with the scope listen may only join', async () => {
    await using host = await open(0, key);
    const { joinCode, sessionId, resumeToken } = await host.start();
    await using listener = await open(1, await makeToken({ scope: 'listen' }));
    for (const message of [
      { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] },
      { type: 'session.resume', sessionId, resumeToken, offset: 0 },
    ]) {
      expect(await listener.ask(message)).toMatchObject({ type: 'error', code: 'listen-only' });
    }
    expect(await listener.ask(join(joinCode))).toMatchObject({ type: 'session.joined', sessionId });
  });

  it('I40: for one session opens no other', async () => {
    await using host = await open(0, key);
    await using otherHost = await open(0, key);
    const [{ sessionId, joinCode, resumeToken }, other] = [await host.start(), await otherHost.start()];
    await using listener = await open(1, await makeToken({ scope: 'listen', sessionId }));
    expect(await listener.ask(join(other.joinCode))).toMatchObject({ code: 'join-code-unknown' });
    expect(await listener.ask(join(joinCode))).toMatchObject({ type: 'session.joined', sessionId });

    await using speaker = await open(1, await makeToken({ scope: 'speak', sessionId }));
    const resume = { type: 'session.resume', offset: 0 };
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };
    expect(await speaker.ask(start)).toMatchObject({ code: 'not-permitted' });
    expect(await speaker.ask({ ...resume, sessionId: other.sessionId, resumeToken: other.resumeToken })).toMatchObject({
      code: 'not-permitted',
    });
    expect(await speaker.ask({ ...resume, sessionId, resumeToken })).toMatchObject({ type: 'session.resumed' });
  });

  it("I40: joins no session of another tenant, although that tenant's key would", async () => {
    await using host = await open(0, key);
    const { joinCode } = await host.start();
    await using withKey = await open(1, otherKey);
    expect(await withKey.ask(join(joinCode))).toMatchObject({ type: 'session.joined' });
    await using withToken = await open(1, await makeToken({ scope: 'listen' }, otherKey));
    expect(await withToken.ask(join(joinCode))).toMatchObject({ code: 'join-code-unknown' });
  });
});

async function untilExpired(token: string): Promise<void> {
  const isValid = async () => (await call(`${urls[0]}/v1/languages`, { key: token })).status === 200;
  const signal = AbortSignal.timeout(30_000);
  while (await isValid()) await delay(50, undefined, { signal });
}
