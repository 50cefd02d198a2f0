import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { edgesForFile } from '../http-api/edges-for-file.ts';
import { StreamClient } from '../http-api/stream-client.ts';
import { end, roomClients, say, updateJoinCode } from './room-clients.ts';

const key = 'a-key-of-this-test-alone';
const edges = await edgesForFile({ API_KEYS: `church:${key}`, SESSION_GRACE_MS: '60000' });
const { urls, redis } = edges;
const { startHost, joinBySocket, joinByEvents, statusesOf } = roomClients(edges);
const allowed = { upgrade: 101, listen: 200, events: 200, transcript: 200 };
const refused = { upgrade: 401, listen: 404, events: 404, transcript: 404 };
const both = [0, 1] as const;
const kinds = [
  ['a session', {}],
  ['a room', { room: 'sunday' }],
] as const;

const join = (joinCode: string) => ({ type: 'session.join', joinCode, targetLanguages: ['en'] });

describe.each(kinds)('the join code of %s', (_kind, options) => {
  it('I43: once changed admits nobody on any edge, and its listeners are dropped', async () => {
    await using speaker = await startHost(0, key, options);
    const { host, started } = speaker;
    const { joinCode: oldCode, sessionId } = started;
    await using sockets = new AsyncDisposableStack();
    const listeners = await Promise.all(both.map((edge) => joinBySocket(edge, oldCode)));
    const streams = await Promise.all(both.map((edge) => joinByEvents(edge, oldCode)));
    for (const client of [...listeners, ...streams]) sockets.use(client);
    // Opened before the change, joined after it.
    const late = sockets.use(await StreamClient.open(urls[1], `join.${oldCode}`));
    const newCode = (await updateJoinCode(host, 'change')) ?? '';
    expect(newCode).toMatch(/^[0-9A-Z]{10}$/);
    expect(newCode).not.toBe(oldCode);
    expect(await late.ask(join(oldCode))).toMatchObject({ type: 'error', code: 'join-code-unknown' });
    for (const edge of both) expect(await statusesOf(edge, oldCode, sessionId)).toEqual(refused);
    for (const edge of both) expect(await statusesOf(edge, newCode, sessionId)).toEqual(allowed);
    for (const listener of listeners) {
      expect([await listener.closed, listener.closeReason]).toEqual([4410, 'the join code was changed']);
    }
    for (const stream of streams) await stream.ended;
    for (const edge of both) sockets.use(await joinBySocket(edge, newCode));
  });

  it('I43: once closed admits nobody, but those who are connected stay, until it is opened again', async () => {
    await using speaker = await startHost(1, key, options);
    const { host, started } = speaker;
    const { joinCode, sessionId } = started;
    await using listener = await joinBySocket(0, joinCode);
    expect(await updateJoinCode(host, 'close')).toBeUndefined();
    for (const edge of both) expect(await statusesOf(edge, joinCode, sessionId)).toEqual(refused);
    // Also those who choose other languages.
    expect(await listener.ask(join(joinCode))).toMatchObject({ type: 'session.joined' });
    await say(host, 1, 'to those who are here');
    await listener.waitForMessage(({ type }) => type === 'transcript.final');
    expect(await updateJoinCode(host, 'close')).toBeUndefined();
    expect(await updateJoinCode(host, 'open')).toBe(joinCode);
    for (const edge of both) expect(await statusesOf(edge, joinCode, sessionId)).toEqual(allowed);
  });

  it('can be changed while it is closed, and is open then', async () => {
    await using speaker = await startHost(0, key, options);
    const { host, started } = speaker;
    await updateJoinCode(host, 'close');
    const newCode = (await updateJoinCode(host, 'change')) ?? '';
    expect(newCode).not.toBe(started.joinCode);
    expect(await statusesOf(1, newCode, started.sessionId)).toEqual(allowed);
  });

  it('I43: stays as it is when the owner comes back on another edge', async () => {
    const { host, started } = await startHost(0, key, options);
    const { joinCode, sessionId, resumeToken } = started;
    await updateJoinCode(host, 'close');
    await host[Symbol.asyncDispose]();
    await using again = await StreamClient.open(urls[1], `bearer.${key}`);
    const resumed = await again.ask({ type: 'session.resume', sessionId, resumeToken, offset: 0 });
    expect(resumed).toMatchObject({ type: 'session.resumed' });
    expect(await statusesOf(0, joinCode, sessionId)).toEqual(refused);
    expect(await updateJoinCode(again, 'open')).toBe(joinCode);
    const newCode = await updateJoinCode(again, 'change');
    expect(await statusesOf(0, joinCode, sessionId)).toEqual(refused);
    expect(await updateJoinCode(again, 'open')).toBe(newCode);
  });

  it('I43: once changed keeps out those who join meanwhile on any edge', async () => {
    await using speaker = await startHost(0, key, options);
    const { host, started } = speaker;
    let code = started.joinCode;
    for (let round = 0; round < 5; round++) {
      await using clients = new AsyncDisposableStack();
      const opened = await Promise.all(
        Array.from({ length: 12 }, async (_, index) =>
          StreamClient.open(urls[index % 2 === 0 ? 0 : 1], `join.${code}`),
        ),
      );
      for (const client of opened) clients.use(client);
      const [newCode] = await Promise.all([
        updateJoinCode(host, 'change'),
        ...opened.map(async (client, index) => {
          await delay(index / 2);
          client.send(join(code));
        }),
      ]);
      // Each is either dropped or refused.
      for (const client of opened) {
        const isRefused = client
          .waitForMessage(({ type }) => type === 'error')
          .then((error) => expect(error).toMatchObject({ code: 'join-code-unknown' }));
        const closed = client.closed.then((closeCode) => expect(closeCode).toBe(4410));
        await Promise.race([isRefused, closed]);
      }
      code = newCode ?? '';
    }
  });

  it('I43: once changed drops listeners also on an edge that was not told', async () => {
    await using speaker = await startHost(0, key, options);
    const { started } = speaker;
    await using listener = await joinBySocket(1, started.joinCode);
    const session = `{s:${started.sessionId}}:session`;
    await redis.hset(session, 'joinCode', 'another', 'currentJoinCode', 'another');
    expect(await listener.closed).toBe(4410);
  });

  it.each([['shut'], [true], [null]])('is not changed by the value %j', async (joinCode) => {
    await using speaker = await startHost(0, key, options);
    const { host } = speaker;
    host.send({ type: 'session.update', joinCode });
    const reply = await host.ask({ type: 'ping' });
    if (joinCode === null) expect(reply).toEqual({ type: 'pong' });
    else expect(host.messages).toContainEqual(expect.objectContaining({ code: 'invalid-field', param: 'joinCode' }));
  });
});

describe('the join code of a room', () => {
  it('I43: is changed and closed for good', async () => {
    const first = await startHost(0, key, { room: 'standing' });
    const changed = (await updateJoinCode(first.host, 'change')) ?? '';
    await updateJoinCode(first.host, 'close');
    await end(first.host);
    for (const code of [changed, first.started.joinCode]) {
      expect(await statusesOf(1, code, first.started.sessionId)).toEqual(refused);
    }
    await using second = await startHost(1, key, { room: 'standing' });
    expect(second.started).toMatchObject({ joinCode: changed, joinCodeClosed: true });
    expect(await statusesOf(0, changed, second.started.sessionId)).toEqual(refused);
    expect(await updateJoinCode(second.host, 'open')).toBe(changed);
    expect(await statusesOf(0, changed, second.started.sessionId)).toEqual(allowed);
  });

  it('reads the transcripts of its earlier sessions until it is changed', async () => {
    const first = await startHost(0, key, { room: 'kept' });
    await say(first.host, 1, 'said before');
    await end(first.host);
    const { joinCode, sessionId } = first.started;
    await using second = await startHost(0, key, { room: 'kept' });
    expect((await statusesOf(1, joinCode, sessionId)).transcript).toBe(200);
    const newCode = (await updateJoinCode(second.host, 'change')) ?? '';
    expect((await statusesOf(1, joinCode, sessionId)).transcript).toBe(404);
    expect((await statusesOf(1, newCode, sessionId)).transcript).toBe(200);
  });
});

it('refuses a listener that wants to change the join code', async () => {
  await using speaker = await startHost(0, key);
  const { started } = speaker;
  await using listener = await joinBySocket(1, started.joinCode);
  expect(await listener.ask({ type: 'session.update', joinCode: 'change' })).toMatchObject({ code: 'listen-only' });
});
