import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage, subprotocol } from '@parley/protocol';
import { connect, joinLive, webSocketOpener } from '../../src/index.ts';
import { ended, startScriptedEdge } from '../scripted-edge.ts';
import { respondTo, joined, startLiveEdge, translated } from './live-edge.ts';

const sessionOptions = { joinCode: 'K7QX2M9TFA', targetLanguages: ['es'], backoff: { firstMs: 1, maxMs: 10 } };

describe('joining a session', () => {
  it.each([
    ['ws', {}],
    ['a standard WebSocket', { openSocket: webSocketOpener(WebSocket) }],
  ])('needs only the join code, over %s', async (_name, opener) => {
    const protocols: unknown[] = [];
    await using edge = await startScriptedEdge((_message, { request, send }) => {
      protocols.push(request.headers['sec-websocket-protocol']?.split(/, ?/), request.headers.authorization);
      send(joined(100));
      send(translated(1, 90));
    });
    await using client = await connect({ url: edge.url, joinCode: sessionOptions.joinCode, ...opener });
    const finals: number[] = [];
    client.on('translation.final', ({ offset }) => finals.push(offset));
    const heard = new Promise((resolve) => client.on('translation.final', resolve));
    const listening = await client.join({ joinCode: sessionOptions.joinCode, targetLanguages: ['es'] });
    expect(listening.joined).toEqual(joined(100));
    await heard;
    expect(finals).toEqual([90]);
    expect(protocols).toEqual([[subprotocol, 'join.K7QX2M9TFA'], undefined]);
  });

  it('rejects if the code is refused', async () => {
    await using edge = await startScriptedEdge(({ id }, { send }) => {
      send(errorMessage('join-code-unknown', 'no such code', { causedBy: id }));
    });
    await using client = await connect({ url: edge.url, joinCode: 'X' });
    await expect(client.join({ joinCode: 'X', targetLanguages: ['es'] })).rejects.toMatchObject({
      code: 'join-code-unknown',
    });
  });
});

describe('a live listener', () => {
  it('rejoins with code and offset, answers a resync, and delivers nothing twice', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { send, socket }) => {
          send(joined(100));
          send(translated(1, 110));
          socket.close(closeCodes.goingAway);
        },
      }),
      respondTo({
        'session.join': ({ offset }, { send }) => {
          send(joined(120));
          if (offset === 110) send(translated(1, 119));
          if (offset === 110) send(translated(2, 120));
          if (offset === 110) send({ type: 'session.resync' });
          else send(ended);
        },
      }),
    );
    const heard: number[] = [];
    await using live = await joinLive({
      ...sessionOptions,
      urls: [edge.url],
      onMessage: (message) => {
        if (message.type === 'translation.final') heard.push(message.offset);
      },
    });
    const closed = await new Promise((resolve) => live.on('closed', resolve));
    expect(closed).toBeUndefined();
    expect(heard).toEqual([110, 120]);
    expect(edge.received).toMatchObject([
      { type: 'session.join', joinCode: sessionOptions.joinCode, targetLanguages: ['es'] },
      { type: 'session.join', joinCode: sessionOptions.joinCode, offset: 110 },
      { type: 'session.join', joinCode: sessionOptions.joinCode, offset: 120 },
    ]);
    expect(edge.received[0]).not.toHaveProperty('offset');
  });

  it.each(['session-unknown', 'join-code-unknown'] as const)(
    'stops with the error if the session is lost while listening: %s',
    async (code) => {
      await using edge = await startLiveEdge(
        respondTo({
          'session.join': (_message, { send }) => {
            send(joined(100));
            setTimeout(() => send(errorMessage(code, 'gone')), 20);
          },
        }),
      );
      await using live = await joinLive({ ...sessionOptions, urls: [edge.url] });
      expect(await new Promise((resolve) => live.on('closed', resolve))).toMatchObject({ name: 'ServerError', code });
      expect(edge.received).toHaveLength(1);
    },
  );

  it('stops when the code is no longer valid', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { send, socket }) => {
          send(joined(100));
          setTimeout(() => socket.terminate(), 20);
        },
      }),
      respondTo({
        'session.join': ({ id }, { send }) => send(errorMessage('join-code-unknown', 'gone', { causedBy: id })),
      }),
    );
    await using live = await joinLive({ ...sessionOptions, urls: [edge.url] });
    expect(await new Promise((resolve) => live.on('closed', resolve))).toMatchObject({ code: 'join-code-unknown' });
  });

  it('delivers what the server still has when it is closed, and reports nothing of this', async () => {
    const script = respondTo({
      'session.join': ({ offset }, { send }) => {
        send(joined(120));
        if (offset === undefined) send(translated(1, 110));
      },
      ping: (_message, { send }) => {
        // Later than the reply, as from an edge that reads its log.
        setTimeout(() => {
          send(translated(2, 120));
          send({ type: 'pong' });
        }, 20);
      },
    });
    await using edge = await startLiveEdge((message, peer) => {
      // The answer to an earlier ping does not count.
      if (message.type === 'session.join' && message.offset !== undefined) peer.send({ type: 'pong' });
      script(message, peer);
    });
    const heard: string[] = [];
    const live = await joinLive({ ...sessionOptions, urls: [edge.url] });
    await live.captions().next();
    live.on('message', ({ type }) => heard.push(type));
    live.on('resumed', () => heard.push('resumed'));
    await live.close();
    expect(heard).toEqual(['pong', 'translation.final', 'pong']);
    expect(edge.received.at(-2)).toMatchObject({ type: 'session.join', offset: 110 });
  });

  it('closes without an error if the session is gone', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': ({ id, offset }, { send }) => {
          if (offset === undefined) send(joined(100));
          else send(errorMessage('join-code-unknown', 'gone', { causedBy: id }));
        },
      }),
    );
    const events: unknown[] = [];
    const live = await joinLive({
      ...sessionOptions,
      urls: [edge.url],
      on: { error: (error) => events.push(error), closed: (error) => events.push(['closed', error]) },
    });
    await live.close();
    expect(events).toEqual([['closed', undefined]]);
  });
});
