import { describe, expect, it } from '@jest/globals';
import { offerReply } from '../../src/http-api/listen-route.ts';
import { call, edgesForFile } from '../http-api/edges-for-file.ts';
import { roomClients } from './room-clients.ts';

const key = 'a-key-of-this-test-alone';
const edges = await edgesForFile({ API_KEYS: `church:${key}`, TRUSTED_PROXIES: 'loopback' });
const { urls, redis } = edges;
const { startHost, joinBySocket } = roomClients(edges);

const offerOf = (joinCode: string, address = '192.0.2.1') =>
  call(`${urls[1]}/v1/listen/${joinCode}`, { headers: { 'x-forwarded-for': address } });

describe('GET /v1/listen/CODE', () => {
  it('tells what a listener may choose: the source, the targets, then the languages for listeners', async () => {
    const options = { targetLanguages: ['es', 'ca'], listenerLanguages: ['fr', 'es'], room: 'sunday' };
    await using speaker = await startHost(0, key, options);
    const { started } = speaker;
    const { status, headers, body } = await offerOf(started.joinCode.toLowerCase());
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      state: 'live',
      sourceLanguage: 'en',
      languages: ['en', 'es', 'ca', 'fr'],
      furtherLanguages: 0,
      room: 'sunday',
    });
  });

  it('tells how many further languages may be added, and which others have added', async () => {
    await using speaker = await startHost(0, key, { targetLanguages: ['es'], listenerLanguages: 2 });
    const { started } = speaker;
    const { joinCode } = started;
    expect((await offerOf(joinCode)).body).toMatchObject({ languages: ['en', 'es'], furtherLanguages: 2 });
    await using listener = await joinBySocket(0, joinCode);
    await listener.ask({ type: 'session.join', joinCode, targetLanguages: ['fr', 'en'] });
    expect((await offerOf(joinCode)).body).toEqual({
      state: 'live',
      sourceLanguage: 'en',
      languages: ['en', 'es', 'fr'],
      furtherLanguages: 1,
    });
  });

  it('counts wrong codes, and no others', async () => {
    await using speaker = await startHost(0, key);
    const { started } = speaker;
    const address = '192.0.2.9';
    for (let attempt = 0; attempt < 25; attempt++) expect((await offerOf(started.joinCode, address)).status).toBe(200);
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(await offerOf('WRONGCODE0', address)).toMatchObject({
        status: 404,
        body: { error: { code: 'join-code-unknown' } },
      });
    }
    const refused = await offerOf('WRONGCODE0', address);
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too-many-tries' } } });
    expect(refused.headers.get('retry-after')).toMatch(/^(60|[1-5]?\d)$/);
    const headers = { 'x-forwarded-for': address, 'x-websocket-protocol': 'parley.v1, join.WRONGCODE0' };
    const upgrade = await fetch(`${urls[1]}/v1/stream`, { headers });
    expect(upgrade.status).toBe(429);
    expect(upgrade.headers.get('retry-after')).toMatch(/^(60|[1-5]?\d)$/);
    expect((await offerOf(started.joinCode, address)).status).toBe(200);
  });

  it('does not count those who come with a code that was closed', async () => {
    await using speaker = await startHost(0, key);
    const { host, started } = speaker;
    await host.ask({ type: 'session.update', joinCode: 'close' });
    const address = '192.0.2.10';
    for (let attempt = 0; attempt < 25; attempt++) {
      expect((await offerOf(started.joinCode, address)).status).toBe(404);
    }
    await host.ask({ type: 'session.update', joinCode: 'open' });
    expect((await offerOf(started.joinCode, address)).status).toBe(200);
  });

  it('is answered 404 once the session has ended', async () => {
    const { host, started } = await startHost(0, key);
    host.send({ type: 'session.end' });
    await host.closed;
    expect((await offerOf(started.joinCode)).status).toBe(404);
    await redis.del(`{s:${started.sessionId}}:session`);
    expect((await offerOf(started.joinCode)).status).toBe(404);
  });
});

it('offers no fewer than zero further languages, and tells of a pause', () => {
  const settings = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: 1 };
  const offer = { settings, listenerTargets: ['=', 'es', 'fr', 'de'], isPaused: true, room: undefined };
  expect(offerReply(offer)).toEqual({
    state: 'paused',
    sourceLanguage: 'en',
    languages: ['en', 'es', 'fr', 'de'],
    furtherLanguages: 0,
  });
});
