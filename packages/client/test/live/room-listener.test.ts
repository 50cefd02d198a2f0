import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { closeCodes, errorMessage, subprotocol, type ServerMessage } from '@parley/protocol';
import { CaptionStore, joinLive, startLiveSession } from '../../src/index.ts';
import { notStartedWaitMs } from '../../src/live/backoff.ts';
import { ended, startScriptedEdge } from '../scripted-edge.ts';
import { joined, respondTo, sessionOptions, startLiveEdge, translated } from './live-edge.ts';

const options = { joinCode: 'K7QX2M9TFA', targetLanguages: ['es'], backoff: { firstMs: 1, maxMs: 10 } };
const other = (offset: number): ServerMessage => ({ ...joined(offset), sessionId: 's2' }) as ServerMessage;
afterEach(() => {
  jest.restoreAllMocks();
});

const isFinal = (message: ServerMessage) => message.type === 'translation.final';

describe('a listener in a room', () => {
  it.each([
    ['at the upgrade', 'upgrade'],
    ['at the join', 'join'],
  ])(
    'waits for a session to begin, however long that takes, if it is refused %s',
    async (_when, refusedAt) => {
      // The shortest time between two attempts.
      jest.spyOn(Math, 'random').mockReturnValue(0);
      let isRunning = false;
      const script = respondTo({
        'session.join': ({ id }, { send }) =>
          send(isRunning ? joined(100) : errorMessage('not-started', 'not yet', { causedBy: id })),
        ping: (_message, { send }) => send({ type: 'pong' }),
      });
      const refuse = () => (isRunning || refusedAt === 'join' ? undefined : { status: 425, body: 'not yet' });
      await using edge = await startScriptedEdge(script, refuse);
      const events: string[] = [];
      // Both limits are shorter than the time between two attempts.
      const limits = { giveUpAfterMs: 1, openTimeoutMs: 500 };
      const on = {
        waiting: ({ waitMs }: { waitMs: number }) => {
          expect(waitMs).toBeGreaterThanOrEqual(2500);
          isRunning = true;
          events.push('waiting');
        },
        reconnecting: () => events.push('reconnecting'),
        connecting: ({ attempt }: { attempt: number }) => events.push(`connecting ${attempt}`),
      };
      await using live = await joinLive({ ...options, ...limits, on, urls: [edge.url] }, { timeoutMs: 1000 });
      expect(live.joined.offset).toBe(100);
      expect(events).toEqual(['connecting 1', 'waiting', 'reconnecting', 'connecting 2']);
    },
    20_000,
  );

  it('stops waiting when it is told to', async () => {
    await using edge = await startScriptedEdge(respondTo({}), () => ({ status: 425, body: 'not yet' }));
    const stop = new AbortController();
    const reason = new Error('gone home');
    const on = { waiting: () => stop.abort(reason) };
    await expect(joinLive({ ...options, on, urls: [edge.url] }, { signal: stop.signal })).rejects.toBe(reason);
  });

  it('asks again at a random time, 5 s later on average', () => {
    expect([0, 0.5, 1].map(notStartedWaitMs)).toEqual([2500, 5000, 7500]);
  });

  it('is not what a speaker is: one that is refused with 425 gives up in time', async () => {
    await using edge = await startScriptedEdge(respondTo({}), () => ({ status: 425, body: 'too early' }));
    const starting = startLiveSession({ ...sessionOptions, urls: [edge.url] }, { timeoutMs: 100 });
    await expect(starting).rejects.toMatchObject({ name: 'DeadlineError', cause: { status: 425 } });
  });

  it('follows a newer session, whose segments are numbered anew', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { send, socket }) => {
          send(joined(100));
          send(translated(1, 110, 'before'));
          socket.close(closeCodes.roomTaken, 'join again');
        },
      }),
      respondTo({
        'session.join': (_message, { send }) => {
          send(other(500));
          send(translated(1, 510, 'after'));
          send(translated(1, 510, 'after'));
          send(ended);
        },
      }),
    );
    const heard: string[] = [];
    const resumed: unknown[] = [];
    const captions = new CaptionStore();
    const closed = new Promise((resolve, reject) => {
      const on = {
        closed: resolve,
        resumed: (event: unknown) => resumed.push(event),
        'translation.final': ({ text }: { text: string }) => heard.push(text),
      };
      joinLive({ ...options, on, urls: [edge.url], onMessage: captions.add }).catch(reject);
    });
    expect(await closed).toBeUndefined();
    expect([heard, resumed]).toEqual([['before', 'after'], [{ recovered: false }]]);
    expect(captions.of('es').settled.map(({ concluded }) => concluded)).toEqual(['after']);
  });

  it('says when it comes back, so that it gets the rest of a session that has ended', async () => {
    const urls: unknown[] = [];
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { request, send, socket }) => {
          urls.push(request.url);
          send(joined(100));
          send(translated(1, 110));
          socket.close(closeCodes.goingAway);
        },
      }),
      respondTo({
        'session.join': (_message, { request, send }) => {
          urls.push(request.url);
          send(joined(120));
          send(translated(2, 120));
          send(ended);
        },
      }),
    );
    const messages: ServerMessage[] = [];
    await using live = await joinLive({ ...options, urls: [edge.url], onMessage: (message) => messages.push(message) });
    await new Promise((resolve) => live.on('closed', resolve));
    expect(urls).toEqual(['/v1/stream', '/v1/stream?offset=110']);
    expect(messages.filter(isFinal)).toHaveLength(2);
  });
});

describe('a listener', () => {
  it('is closed with the reason when its join code is changed, and does not come back', async () => {
    const script = respondTo({
      'session.join': (_message, { send, socket }) => {
        send(joined(100));
        setTimeout(() => socket.close(closeCodes.joinCodeChanged, 'the join code was changed'), 10);
      },
    });
    await using edge = await startScriptedEdge(script);
    await using live = await joinLive({ ...options, urls: [edge.url] });
    expect(await new Promise((resolve) => live.on('closed', resolve))).toMatchObject({
      name: 'ConnectionClosedError',
      closeCode: 4410,
      message: 'the connection was closed with 4410: the join code was changed',
    });
    expect(edge.received).toHaveLength(1);
  });

  it('may write its join code as people do', async () => {
    const protocols: unknown[] = [];
    await using edge = await startScriptedEdge(
      respondTo({
        'session.join': (_message, { request, send }) => {
          protocols.push(request.headers['sec-websocket-protocol']?.split(/, ?/));
          send(joined(100));
        },
        ping: (_message, { send }) => send({ type: 'pong' }),
      }),
    );
    await using live = await joinLive({ ...options, joinCode: ' k7qx2-m9tfo ', urls: [edge.url] });
    await live.close();
    expect(protocols.slice(0, 1)).toEqual([[subprotocol, 'join.K7QX2M9TF0']]);
  });
});
