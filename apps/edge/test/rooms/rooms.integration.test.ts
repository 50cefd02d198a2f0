import { describe, expect, it } from '@jest/globals';
import { call, edgesForFile } from '../http-api/edges-for-file.ts';
import { EventClient } from '../http-api/event-client.ts';
import { StreamClient } from '../http-api/stream-client.ts';
import { end, roomClients, say, updateJoinCode } from './room-clients.ts';

const [key, otherKey] = ['a-key-of-this-test-alone', 'the-key-of-other-tenant'];
const edges = await edgesForFile({ API_KEYS: `church:${key},clinic:${otherKey}`, SESSION_GRACE_MS: '60000' });
const { urls, redis } = edges;
const { startHost, joinBySocket, joinByEvents, statusesOf } = roomClients(edges);
const allowed = { upgrade: 101, listen: 200, events: 200, transcript: 200 };
const waiting = { upgrade: 425, listen: 425, events: 425, transcript: 200 };

async function makeToken(request: object): Promise<string> {
  const body = { expiresInSeconds: 60, ...request };
  const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body });
  expect(reply.status).toBe(201);
  return (reply.body as { token: string }).token;
}

describe('a room', () => {
  it('I43: has the same join code at each start, on any edge and after its sessions are gone', async () => {
    const first = await startHost(0, key, { room: 'sunday-service' });
    await end(first.host);
    await redis.del(`{s:${first.started.sessionId}}:session`);
    await using second = await startHost(1, key, { room: 'sunday-service' });
    expect(second.started.joinCode).toBe(first.started.joinCode);
    expect(second.started.sessionId).not.toBe(first.started.sessionId);
    await using listener = await joinBySocket(0, first.started.joinCode);
    expect(listener.messages[0]).toMatchObject({ sessionId: second.started.sessionId });
  });

  it('keeps its code for more than a year after each start', async () => {
    await using speaker = await startHost(0, key, { room: 'yearly' });
    const { started } = speaker;
    const yearMs = 365 * 24 * 3_600_000;
    expect(await redis.pttl('tenant:church:rooms')).toBeGreaterThan(yearMs);
    const pointers = await redis.keys('room-code:*');
    for (const pointer of pointers) expect(await redis.pttl(pointer)).toBeGreaterThan(yearMs);
    expect((await redis.keys('*')).join()).not.toContain(started.joinCode);
  });

  it('I43: of one tenant is not that of another with the same name', async () => {
    await using own = await startHost(0, key, { room: 'main' });
    await using other = await startHost(1, otherKey, { room: 'main' });
    expect(other.started.joinCode).not.toBe(own.started.joinCode);
    await using listener = await joinBySocket(1, own.started.joinCode);
    expect(listener.messages[0]).toMatchObject({ sessionId: own.started.sessionId });
    await updateJoinCode(other.host, 'change');
    expect(await statusesOf(0, own.started.joinCode, own.started.sessionId)).toEqual(allowed);
  });

  it('I43: gives its code to the newest session, and its listeners are told to join again', async () => {
    const first = await startHost(0, key, { room: 'relay' });
    const { joinCode } = first.started;
    await using bySocket = await joinBySocket(1, joinCode);
    await using byEvents = await joinByEvents(0, joinCode);
    await using second = await startHost(1, key, { room: 'relay' });
    expect([await bySocket.closed, bySocket.closeReason]).toEqual([4411, expect.stringContaining('join again')]);
    await byEvents.ended;
    const notice = await first.host.waitForMessage(({ type }) => type === 'notice');
    expect(notice).toMatchObject({ code: 'room-taken' });
    await using again = await joinBySocket(0, joinCode);
    expect(again.messages[0]).toMatchObject({ sessionId: second.started.sessionId });
    // The first session has no code until it asks for one, which is not that of the room.
    const ownCode = (await updateJoinCode(first.host, 'open')) ?? '';
    expect(ownCode).not.toBe(joinCode);
    await using ofFirst = await joinBySocket(1, ownCode);
    expect(ofFirst.messages[0]).toMatchObject({ sessionId: first.started.sessionId });
    await end(first.host);
    expect(await statusesOf(0, joinCode, second.started.sessionId)).toEqual(allowed);
  });

  it.each([['Sunday'], [''], ['a room'], ['x'.repeat(65)], [7]])('is not named %j', async (room) => {
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['en'], room };
    expect(await host.ask(start)).toMatchObject({ type: 'error', code: 'invalid-field', param: 'room' });
  });

  it('is one of at most 1,000 of its tenant; those that were not used for long make place', async () => {
    const record = `CODE HASH 1 - - ${Date.now()}`;
    const rooms = 'tenant:clinic:rooms';
    await redis.del(rooms);
    for (let index = 0; index < 1000; index++) await redis.hset(rooms, `room-${index}`, record);
    await using host = await StreamClient.open(urls[0], `bearer.${otherKey}`);
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['en'], room: 'one-more' };
    const reserved = async () => Number((await redis.hget('tenant:clinic:credits', ':total')) ?? 0);
    const reservedBefore = await reserved();
    expect(await host.ask(start)).toMatchObject({ type: 'error', code: 'too-many-rooms', param: 'room' });
    expect(await reserved()).toBe(reservedBefore);
    const yearsAgo = Date.now() - 401 * 24 * 3_600_000;
    await redis.hset(rooms, 'room-7', `CODE HASH 1 - - ${yearsAgo}`);
    expect(await host.ask(start)).toMatchObject({ type: 'session.started' });
    expect([await redis.hexists(rooms, 'room-7'), await redis.hlen(rooms)]).toEqual([0, 1000]);
    await redis.del(rooms);
  });
});

describe('a room without a running session', () => {
  it('answers 425 to whoever wants to join, and these are not wrong codes', async () => {
    const { host, started } = await startHost(0, key, { room: 'evening' });
    await end(host);
    const { joinCode, sessionId } = started;
    for (const edge of [0, 1] as const) expect(await statusesOf(edge, joinCode, sessionId)).toEqual(waiting);
    for (let attempt = 0; attempt < 30; attempt++) {
      expect((await call(`${urls[0]}/v1/listen/${joinCode}`)).headers.get('retry-after')).toBe('5');
    }
    await redis.del(`{s:${sessionId}}:session`);
    const answer = await call(`${urls[1]}/v1/listen/${joinCode}`);
    expect([answer.status, answer.body]).toEqual([
      425,
      { error: { code: 'not-started', message: expect.any(String) } },
    ]);
    const headers = { 'x-websocket-protocol': `parley.v1, join.${joinCode}` };
    const upgrade = await call(`${urls[0]}/v1/stream`, { headers });
    expect([upgrade.status, upgrade.headers.get('retry-after')]).toEqual([425, '5']);
    await expect(StreamClient.open(urls[0], `join.${joinCode}`)).rejects.toThrow('425');
  });

  it('answers the join of a socket that needs no code with not-started', async () => {
    const { host, started } = await startHost(0, key, { room: 'evening' });
    await end(host);
    await using listener = await StreamClient.open(urls[1], `bearer.${key}`);
    const join = { type: 'session.join', joinCode: started.joinCode, targetLanguages: ['en'] };
    expect(await listener.ask(join)).toMatchObject({ type: 'error', code: 'not-started', retryable: true });
  });

  it('gives listeners that come back the rest of the session that has just ended', async () => {
    const { host, started } = await startHost(0, key, { room: 'evening' });
    const { joinCode } = started;
    await say(host, 1, 'the last sentence');
    await end(host);
    const url = `${urls[1]}/v1/listen/${joinCode}/events?lang=en&offset=${started.offset}`;
    await using byEvents = await EventClient.open(url);
    await byEvents.ended;
    const join = { type: 'session.join', joinCode, targetLanguages: ['en'], offset: started.offset };
    await using bySocket = await StreamClient.open(urls[1], `join.${joinCode}`, { offset: started.offset });
    bySocket.send(join);
    await bySocket.closed;
    for (const { messages } of [byEvents, bySocket]) {
      expect(messages.map(({ type }) => type)).toEqual(['session.joined', 'transcript.final', 'session.ended']);
    }
  });
});

describe('a token', () => {
  it('I40: to speak in a room starts and resumes sessions there only', async () => {
    const token = await makeToken({ scope: 'speak', room: 'sunday' });
    const { host, started } = await startHost(0, token);
    expect((await call(`${urls[0]}/v1/sessions/${started.sessionId}`, { key })).body).toMatchObject({ room: 'sunday' });
    await using named = await startHost(1, token, { room: 'sunday' });
    expect(named.started.joinCode).toBe(started.joinCode);
    await end(host);

    await using elsewhere = await startHost(0, key, { room: 'monday' });
    await using speaker = await StreamClient.open(urls[1], `bearer.${token}`);
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['en'], room: 'monday' };
    expect(await speaker.ask(start)).toMatchObject({ code: 'not-permitted', param: 'room' });
    const { sessionId, resumeToken } = elsewhere.started;
    const resume = { type: 'session.resume', offset: 0 };
    expect(await speaker.ask({ ...resume, sessionId, resumeToken })).toMatchObject({ code: 'not-permitted' });
    const { sessionId: ownId, resumeToken: ownToken } = named.started;
    const resumed = await speaker.ask({ ...resume, sessionId: ownId, resumeToken: ownToken });
    expect(resumed).toMatchObject({ type: 'session.resumed' });
    expect((await call(`${urls[0]}/v1/sessions/${sessionId}`, { key: token })).status).toBe(404);
    expect((await call(`${urls[0]}/v1/sessions/${ownId}`, { key: token })).status).toBe(200);
    expect((await call(`${urls[0]}/v1/sessions/${ownId}`, { key: token, method: 'DELETE' })).status).toBe(403);
  });

  it('I40: to speak without a room starts in none', async () => {
    await using speaker = await StreamClient.open(urls[0], `bearer.${await makeToken({ scope: 'speak' })}`);
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['en'] };
    expect(await speaker.ask({ ...start, room: 'sunday' })).toMatchObject({ code: 'not-permitted', param: 'room' });
    const { sessionId } = await speaker.start();
    const { body } = await call(`${urls[0]}/v1/sessions/${sessionId}`, { key });
    expect(body).not.toHaveProperty('room');
  });

  it('I40: to listen in a room joins and reads it, and no other', async () => {
    const token = await makeToken({ scope: 'listen', room: 'tuesday' });
    await using own = await startHost(0, key, { room: 'tuesday' });
    await using other = await startHost(0, key, { room: 'wednesday' });
    await using listener = await StreamClient.open(urls[1], `bearer.${token}`);
    const join = (joinCode: string) => ({ type: 'session.join', joinCode, targetLanguages: ['en'] });
    expect(await listener.ask(join(other.started.joinCode))).toMatchObject({ code: 'join-code-unknown' });
    expect(await listener.ask(join(own.started.joinCode))).toMatchObject({ type: 'session.joined' });
    const read = async (sessionId: string) =>
      (await call(`${urls[1]}/v1/sessions/${sessionId}/transcript.json?lang=en`, { key: token })).status;
    expect([await read(own.started.sessionId), await read(other.started.sessionId)]).toEqual([200, 404]);
  });

  it('is not made for a room with an invalid name', async () => {
    const body = { scope: 'speak', expiresInSeconds: 60, room: 'Sunday!' };
    const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body });
    expect(reply).toMatchObject({ status: 400, body: { error: { code: 'invalid-field', param: 'room' } } });
  });
});
