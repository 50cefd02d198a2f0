import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage, subprotocol, type ServerMessage } from '@parley/protocol';
import {
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  startLiveSession,
  webSocketOpener,
  type LiveSession,
} from '../../src/index.ts';
import { ended, markedScript, started, startScriptedEdge } from '../scripted-edge.ts';
import { accepted, answering, resumed, startLiveEdge, translated } from './live-edge.ts';

const how = { sourceLanguage: 'en', targetLanguages: ['es'], backoff: { firstMs: 1, maxMs: 10 } };

const starts = answering({ 'session.start': (_message, { send }) => send(started) });

function closedOf(live: LiveSession): Promise<Error | undefined> {
  return new Promise((resolve) => live.on('closed', resolve));
}

describe('a live session', () => {
  it('is an ordinary one as long as nothing happens', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using live = await startLiveSession({ ...how, urls: [edge.url], ordered: true });
    const messages: ServerMessage[] = [];
    live.on('message', (message) => messages.push(message));
    const closed = closedOf(live);
    live.sendPartial({ segmentId: 1, revision: 1, text: 'good' });
    await live.sendFinal({ segmentId: 1, text: 'good morning' });
    expect(await live.end()).toEqual(ended.usage);
    expect(await closed).toBeUndefined();
    expect(messages.map(({ type }) => type)).toEqual([
      'translation.partial',
      'transcript.accepted',
      'translation.final',
      'session.ended',
    ]);
    expect(edge.received[0]).toEqual(expect.not.objectContaining({ urls: expect.anything() as unknown }));
    await expect(live.sendFinal({ segmentId: 2, text: 'late' })).rejects.toBeInstanceOf(ConnectionClosedError);
  });

  it.each([
    ['cut', (socket: { terminate(): void; close(code: number): void }) => socket.terminate()],
    [
      'told to go elsewhere',
      (socket: { terminate(): void; close(code: number): void }) => socket.close(closeCodes.goingAway),
    ],
    ['too slow', (socket: { terminate(): void; close(code: number): void }) => socket.close(closeCodes.slowConsumer)],
  ])('comes back at the next edge when it was %s, with what it holds', async (_how, lose) => {
    await using first = await startScriptedEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ segmentId }, { send, socket }) => {
          if (segmentId === 1) send(accepted(1));
          if (segmentId === 1) send(translated(1, 105));
          if (segmentId === 2) send(accepted(2));
          if (segmentId === 3) lose(socket);
        },
      }),
    );
    await using second = await startScriptedEdge(
      answering({
        'session.resume': (_message, { send }) => send(resumed({ accepted: [2], missing: [3] })),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [first.url, second.url] });
    const losses: Error[] = [];
    live.on('disconnected', (error) => losses.push(error));
    await Promise.all([1, 2, 3].map((segmentId) => live.sendFinal({ segmentId, text: `text ${segmentId}` })));
    await live.end();
    expect(losses).toHaveLength(1);
    expect(second.received).toMatchObject([
      { type: 'session.resume', sessionId: 's1', resumeToken: 'R', offset: 105, held: [2, 3] },
      { type: 'transcript.final', segmentId: 3, text: 'text 3' },
      { type: 'session.end' },
    ]);
  });

  it('uses the token before again where the answer of a resume was lost', async () => {
    const lost = answering({ 'session.resume': (_message, { socket }) => socket.terminate() });
    const silent = answering({});
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      lost,
      silent,
      answering({
        'session.resume': (_message, { send, socket }) => {
          send(resumed({ missing: [1] }));
          socket.once('message', () => socket.terminate());
        },
      }),
      answering({ 'session.resume': (_message, { send }) => send(resumed({ accepted: [1] })) }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url], openTimeoutMs: 200 });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    const tokens = edge.received.flatMap((message) => (message.type === 'session.resume' ? [message.resumeToken] : []));
    expect(tokens).toEqual(['R', 'R', 'R', 'R2']);
  });

  it('drops partials while it is away, and keeps finals', async () => {
    const gone = Promise.withResolvers<undefined>();
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.partial': (_message, { socket }) => socket.terminate(),
      }),
      answering({
        'session.resume': (_message, { send }) => void gone.promise.then(() => send(resumed())),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    const lost = new Promise((resolve) => live.on('disconnected', resolve));
    expect(live.sendPartial({ segmentId: 1, revision: 1, text: 'o' })).toEqual(expect.any(String));
    await lost;
    expect(live.sendPartial({ segmentId: 1, revision: 2, text: 'on' })).toBeUndefined();
    const sending = live.sendFinal({ segmentId: 1, text: 'one' });
    const given = live.sendFinal({ segmentId: 2, text: 'two' }, { timeoutMs: 1 });
    await expect(given).rejects.toBeInstanceOf(DeadlineError);
    gone.resolve(undefined);
    await sending;
    expect(edge.received.slice(2)).toMatchObject([
      { type: 'session.resume' },
      { type: 'transcript.final', segmentId: 1 },
      // Its deadline ended the wait alone.
      { type: 'transcript.final', segmentId: 2 },
    ]);
  });

  it('answers a resync on the same socket, and drops what then comes twice', async () => {
    let sockets = 0;
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => {
          sockets += 1;
          send(started);
        },
        'transcript.final': ({ segmentId }, { send, socket }) => {
          send(accepted(segmentId));
          send(translated(segmentId, segmentId * 1000, `[es] from ${edge.received.length}`));
          if (edge.received.length === 2) {
            socket.send(JSON.stringify({ type: 'session.resync' }));
          } else {
            send({ ...translated(segmentId, 5000), targetLanguage: 'ca' } as ServerMessage);
          }
        },
        'session.resume': (_message, { send }) => send(resumed({ missing: [1] })),
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using live = await startLiveSession({ ...how, targetLanguages: ['es', 'ca'], urls: [edge.url] });
    const texts: string[] = [];
    const whole = new Promise<void>((resolve) =>
      live.on('translation.final', ({ targetLanguage, text }) => {
        texts.push(`${targetLanguage} ${text}`);
        if (targetLanguage === 'ca') resolve();
      }),
    );
    await live.sendFinal({ segmentId: 1, text: 'one' });
    await whole;
    await live.end();
    expect(edge.received).toMatchObject([
      { type: 'session.start' },
      { type: 'transcript.final' },
      { type: 'session.resume', resumeToken: 'R', offset: 1000, held: [1] },
      { type: 'transcript.final', segmentId: 1, text: 'one' },
      { type: 'session.end' },
    ]);
    expect(texts).toEqual(['es [es] from 2', 'ca [es] 1']);
    expect(sockets).toBe(1);
  });

  it('starts anew with what it holds where the session is unknown', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      answering({
        'session.resume': ({ id }, { send }) => send(errorMessage('session-unknown', 'gone', { causedBy: id })),
        'session.start': (_message, { send }) => send({ ...started, sessionId: 's2', joinCode: 'J2' }),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(live.started.joinCode).toBe('J2');
    expect(edge.received.map(({ type }) => type)).toEqual([
      'session.start',
      'transcript.final',
      'session.resume',
      'session.start',
      'transcript.final',
    ]);
  });

  it.each(['session-unknown', 'session-not-started'] as const)(
    'starts anew on the same socket where a final is answered by %s',
    async (code) => {
      let starts = 0;
      await using edge = await startLiveEdge(
        answering({
          'session.start': (_message, { send }) => send({ ...started, sessionId: `s${(starts += 1)}` }),
          'transcript.final': ({ id, segmentId }, { send }) => {
            if (starts === 2) send(accepted(segmentId));
            else send(errorMessage(code, 'gone', { causedBy: id }));
          },
        }),
      );
      await using live = await startLiveSession({ ...how, urls: [edge.url] });
      const losses: Error[] = [];
      live.on('disconnected', (error) => losses.push(error));
      await Promise.all([1, 2].map((segmentId) => live.sendFinal({ segmentId, text: 'x' })));
      expect(live.started.sessionId).toBe('s2');
      expect(losses).toEqual([]);
      expect(edge.received.map(({ type }) => type)).toEqual([
        'session.start',
        'transcript.final',
        'transcript.final',
        'session.start',
        'transcript.final',
        'transcript.final',
      ]);
    },
  );

  it('starts anew after an error that names no message, and on another socket where that is of no use', async () => {
    const forgets = answering({
      'session.start': (_message, { send }) => {
        send(started);
        send(errorMessage('session-unknown', 'gone'));
      },
    });
    await using edge = await startLiveEdge(
      forgets,
      answering({
        'session.start': (_message, { send }) => send({ ...started, sessionId: 's3' }),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    const lost = new Promise((resolve) => live.on('disconnected', resolve));
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(await lost).toMatchObject({ code: 'session-unknown' });
    expect(live.started.sessionId).toBe('s3');
    expect(edge.received.filter(({ type }) => type === 'session.start')).toHaveLength(3);
  });

  it.each(['with an error first', 'without a word'])(
    'starts anew with what it holds where its resume token is wrong: closed %s',
    async (how4401) => {
      await using edge = await startLiveEdge(
        answering({
          'session.start': (_message, { send }) => send(started),
          'transcript.final': (_message, { socket }) => socket.terminate(),
        }),
        answering({
          'session.resume': ({ id }, { send, socket }) => {
            const error = errorMessage('resume-token-wrong', 'old', { causedBy: id });
            if (how4401 === 'with an error first') send(error);
            socket.close(closeCodes.badResumeToken);
          },
        }),
        answering({
          'session.start': (_message, { send }) => send({ ...started, sessionId: 's2' }),
          'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
        }),
      );
      await using live = await startLiveSession({ ...how, urls: [edge.url] });
      const told: string[] = [];
      live.on('disconnected', (error) => {
        if (error instanceof ConnectionClosedError) told.push(`closed with ${error.closeCode}`);
        else if (error instanceof ServerError) told.push(error.code);
      });
      live.on('session.started', ({ sessionId }) => told.push(sessionId));
      await live.sendFinal({ segmentId: 1, text: 'one' });
      const reason = how4401 === 'with an error first' ? 'resume-token-wrong' : 'closed with 4401';
      expect(told).toEqual(['closed with 1006', reason, 's2']);
      expect(edge.received.map(({ type }) => type)).toEqual([
        'session.start',
        'transcript.final',
        'session.resume',
        'session.start',
        'transcript.final',
      ]);
    },
  );

  it('does not start anew for a wrong resume token where nothing is left to do', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'session.end': (_message, { socket }) => socket.terminate(),
      }),
      answering({ 'session.resume': (_message, { socket }) => socket.close(closeCodes.badResumeToken) }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    await expect(live.end()).rejects.toMatchObject({ closeCode: closeCodes.badResumeToken });
    expect(edge.received.map(({ type }) => type)).toEqual(['session.start', 'session.end', 'session.resume']);
  });

  it('ends without a new one where the session ended while it was away', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'session.end': (_message, { socket }) => socket.terminate(),
      }),
      answering({
        'session.resume': ({ id }, { send }) => send(errorMessage('session-unknown', 'gone', { causedBy: id })),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    expect(await live.end()).toBeUndefined();
  });

  it.each([closeCodes.overQuota, closeCodes.takenOver])(
    'is over when it is closed with %d, and says so to whoever waits',
    async (closeCode) => {
      await using edge = await startLiveEdge(
        answering({
          'session.start': (_message, { send }) => send(started),
          'transcript.final': (_message, { socket }) => socket.close(closeCode),
        }),
      );
      await using live = await startLiveSession({ ...how, urls: [edge.url] });
      const closed = closedOf(live);
      await expect(live.sendFinal({ segmentId: 1, text: 'one' })).rejects.toMatchObject({ closeCode });
      expect(await closed).toMatchObject({ closeCode });
      expect(edge.received).toHaveLength(2);
    },
  );

  it('sends a final again that was refused for now', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ id, segmentId }, { send }) => {
          if (edge.received.length > 2) send(accepted(segmentId));
          else send(errorMessage('temporarily-unavailable', 'wait', { causedBy: id }));
        },
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(edge.received).toHaveLength(3);
  });

  it('brings 300 finals to a server that refuses half of them at first', async () => {
    const tries = new Map<number, number>();
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ id, segmentId }, { send }) => {
          const before = tries.get(segmentId) ?? 0;
          tries.set(segmentId, before + 1);
          if (before === 0 && segmentId % 2 === 0) send(errorMessage('too-many-frames', 'wait', { causedBy: id }));
          else send(accepted(segmentId));
        },
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    const segmentIds = Array.from({ length: 300 }, (_, index) => index);
    const sending = segmentIds.map((segmentId) => live.sendFinal({ segmentId, text: `text ${segmentId}` }));
    const ending = live.end();
    await Promise.all(sending);
    expect(await ending).toEqual(ended.usage);
    expect(segmentIds.map((segmentId) => tries.get(segmentId))).toEqual(segmentIds.map((id) => (id % 2 === 0 ? 2 : 1)));
    expect(edge.received.at(-1)).toMatchObject({ type: 'session.end' });
  });

  it('sends no final while the server has refused one for now', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ id, segmentId }, { send }) => {
          send(segmentId === 1 ? errorMessage('too-many-frames', 'wait', { causedBy: id }) : accepted(segmentId));
        },
        ping: (_message, { send }) => send({ type: 'pong' }),
      }),
    );
    // A try so late that it doesn't come.
    const backoff = { firstMs: 1e9, maxMs: 1e9 };
    await using live = await startLiveSession({ ...how, urls: [edge.url], silenceMs: 30, backoff });
    const first = live.sendFinal({ segmentId: 1, text: 'one' });
    first.catch(() => undefined);
    await live.sendFinal({ segmentId: 2, text: 'two' });
    await new Promise((resolve) => live.on('pong', resolve));
    expect(edge.received.flatMap((message) => ('segmentId' in message ? [message.segmentId] : []))).toEqual([1, 2]);
  });

  it('ends only when the last final is accepted', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ segmentId }, { send }) => {
          if (segmentId < 3) return;
          // The end, if it were sent already, comes before the answers.
          setTimeout(() => {
            for (const accepting of [1, 2, 3]) send(accepted(accepting));
          }, 20);
        },
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    const order: string[] = [];
    live.on('transcript.accepted', ({ segmentId }) => order.push(`accepted ${segmentId}`));
    live.on('sent', ({ type }) => order.push(type));
    const sending = [1, 2, 3].map((segmentId) => live.sendFinal({ segmentId, text: 'x' }));
    expect(await live.end()).toEqual(ended.usage);
    await Promise.all(sending);
    expect(order.slice(-3)).toEqual(['accepted 2', 'session.end', 'accepted 3']);
  });

  it('refuses by itself what the server would refuse', async () => {
    await using edge = await startLiveEdge(starts);
    await using live = await startLiveSession({ ...how, urls: [edge.url] });
    const text = 'x'.repeat(started.limits.maxTextChars + 1);
    await expect(live.sendFinal({ segmentId: 1, text })).rejects.toMatchObject({ code: 'text-too-long' });
    const first = live.sendFinal({ segmentId: 1, text: 'one' });
    await expect(live.sendFinal({ segmentId: 1, text: 'two' })).rejects.toMatchObject({ code: 'segment-settled' });
    await live.close();
    await expect(first).rejects.toBeInstanceOf(ConnectionClosedError);
  });

  it('pings a server that says nothing, and leaves it when it says nothing still', async () => {
    await using edge = await startLiveEdge(
      starts,
      answering({
        'session.resume': (_message, { send }) => send(resumed()),
        ping: (_, { send }) => send({ type: 'pong' }),
      }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url], silenceMs: 40 });
    const error = await new Promise((resolve) => live.on('disconnected', resolve));
    expect(error).toBeInstanceOf(DeadlineError);
    // Three pongs in the second connection's time: it is kept.
    await new Promise<void>((resolve) => {
      let pongs = 0;
      live.on('pong', () => {
        pongs += 1;
        if (pongs === 3) resolve();
      });
    });
    expect(edge.received.map(({ type }) => type)).toEqual([
      'session.start',
      'ping',
      'session.resume',
      'ping',
      'ping',
      'ping',
    ]);
  });

  it('gives up in the end, and with the signal', async () => {
    await using edge = await startLiveEdge(
      answering({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      answering({ 'session.resume': (_message, { socket }) => socket.terminate() }),
    );
    await using live = await startLiveSession({ ...how, urls: [edge.url], giveUpAfterMs: 100 });
    await expect(live.sendFinal({ segmentId: 1, text: 'one' })).rejects.toMatchObject({ closeCode: 1006 });
    const controller = new AbortController();
    await using other = await startScriptedEdge(starts);
    await using aborted = await startLiveSession({ ...how, urls: [other.url], signal: controller.signal });
    const sending = aborted.sendFinal({ segmentId: 1, text: 'one' });
    const closed = closedOf(aborted);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(sending).rejects.toBe(reason);
    expect(await closed).toBe(reason);
  });
});

describe('starting a live session', () => {
  it('tries every edge, and stops at a refusal for good', async () => {
    await using busy = await startScriptedEdge(starts, () => ({ status: 503, body: 'not ready' }));
    await using ready = await startScriptedEdge(starts);
    await using live = await startLiveSession({ ...how, urls: [busy.url, ready.url] });
    expect(live.started.sessionId).toBe('s1');
    await using closed = await startScriptedEdge(starts, () => ({ status: 401, body: 'wrong key' }));
    const starting = startLiveSession({ ...how, urls: [closed.url, ready.url] });
    await expect(starting).rejects.toBeInstanceOf(ConnectionRefusedError);
    await using unwilling = await startScriptedEdge(({ id }, { send }) => {
      send(errorMessage('language-unsupported', 'no xx', { causedBy: id }));
    });
    await expect(startLiveSession({ ...how, urls: [unwilling.url] })).rejects.toMatchObject({
      code: 'language-unsupported',
    });
  });

  it('has a deadline, and a signal', async () => {
    await using silent = await startScriptedEdge(() => undefined);
    const options = { ...how, urls: [silent.url] as const };
    await expect(startLiveSession(options, { timeoutMs: 30 })).rejects.toBeInstanceOf(DeadlineError);
    const reason = new Error('enough');
    await expect(startLiveSession(options, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(startLiveSession({ ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('works over a standard WebSocket', async () => {
    const protocols: unknown[] = [];
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      protocols.push(peer.request.headers['sec-websocket-protocol']);
      script(message, peer);
    });
    await using live = await startLiveSession({ ...how, urls: [edge.url], openSocket: webSocketOpener(WebSocket) });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    await live.end();
    expect(protocols[0]).toBe(subprotocol);
  });
});
