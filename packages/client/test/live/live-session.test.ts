import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage, subprotocol, type ServerMessage } from '@parley/protocol';
import {
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  startLiveSession,
  webSocketOpener,
} from '../../src/index.ts';
import { ended, markedScript, started, startScriptedEdge } from '../scripted-edge.ts';
import { accepted, respondTo, closedOf, sessionOptions, resumed, startLiveEdge, startsSessions } from './live-edge.ts';

describe('a live session', () => {
  it('behaves like an ordinary session without faults', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], ordered: true });
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

  it('ends once, and can no longer be updated', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const ending = live.end();
    expect(live.end()).toBe(ending);
    expect(() => live.update({ context: 'late' })).toThrow('the session is ending');
    expect(await ending).toEqual(ended.usage);
    expect(live.end()).toBe(ending);
    expect(() => live.update({ context: 'late' })).toThrow(ConnectionClosedError);
    expect(edge.received.filter(({ type }) => type !== 'session.start')).toMatchObject([{ type: 'session.end' }]);
  });

  it('can be ended again when the wait for its end was over', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await expect(live.end({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(await live.end()).toEqual(ended.usage);
  });

  it('sends a final again after a temporary refusal', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ id, segmentId }, { send }) => {
          if (edge.received.length > 2) send(accepted(segmentId));
          else send(errorMessage('temporarily-unavailable', 'wait', { causedBy: id }));
        },
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(edge.received).toHaveLength(3);
  });

  it('sends a correction again on another connection, under the same ID, until it is answered', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.correct': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({
        'session.resume': (_message, { send }) => send(resumed()),
        'transcript.correct': ({ id, segmentId, correctionId }, { send }) => {
          if (segmentId === 2) send(errorMessage('segment-too-old', 'gone', { causedBy: id }));
          else send({ type: 'correction.accepted', segmentId, correctionId });
        },
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await live.correct({ segmentId: 1, text: 'one' });
    const sent = edge.received.filter((message) => message.type === 'transcript.correct');
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ correctionId }) => correctionId)).size).toBe(1);
    const refused = live.correct({ segmentId: 2, text: 'two', targetLanguage: 'es' });
    await expect(refused).rejects.toMatchObject({ code: 'segment-too-old' });
  });

  it('sends finals, corrections and changes of the join code until they are answered, also if nobody waits any more', async () => {
    await using edge = await startLiveEdge(
      respondTo({ 'session.start': (_message, { send }) => send(started) }),
      respondTo({ 'session.resume': (_message, { send }) => send(resumed()) }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], silenceMs: 200 });
    const wait = { timeoutMs: 1 };
    const waits = await Promise.allSettled([
      live.sendFinal({ segmentId: 1, text: 'one' }, wait),
      live.correct({ segmentId: 0, text: 'zero' }, wait),
      live.updateJoinCode('close', wait),
    ]);
    const deadline = expect.any(DeadlineError) as unknown;
    expect(waits).toEqual(waits.map(() => ({ status: 'rejected', reason: deadline })));
    const again = new Set<string>();
    await new Promise((resolve) => {
      live.on('sent', ({ type }) => {
        if (type === 'session.resume') again.clear();
        if (again.add(type).size === 4) resolve(undefined);
      });
    });
    expect([...again].sort()).toEqual(['session.resume', 'session.update', 'transcript.correct', 'transcript.final']);
  });

  it('delivers 300 finals to a server that refuses half of them at first', async () => {
    const tries = new Map<number, number>();
    await using edge = await startLiveEdge(
      respondTo({
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
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const segmentIds = Array.from({ length: 300 }, (_, index) => index);
    const sending = segmentIds.map((segmentId) => live.sendFinal({ segmentId, text: `text ${segmentId}` }));
    const ending = live.end();
    await Promise.all(sending);
    expect(await ending).toEqual(ended.usage);
    expect(segmentIds.map((segmentId) => tries.get(segmentId))).toEqual(segmentIds.map((id) => (id % 2 === 0 ? 2 : 1)));
    expect(edge.received.at(-1)).toMatchObject({ type: 'session.end' });
  });

  it('pauses sending finals after a temporary refusal', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ id, segmentId }, { send }) => {
          send(segmentId === 1 ? errorMessage('too-many-frames', 'wait', { causedBy: id }) : accepted(segmentId));
        },
        ping: (_message, { send }) => send({ type: 'pong' }),
      }),
    );
    // The retry is too late to happen in this test.
    const backoff = { firstMs: 1e9, maxMs: 1e9 };
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], silenceMs: 30, backoff });
    const first = live.sendFinal({ segmentId: 1, text: 'one' });
    first.catch(() => undefined);
    await live.sendFinal({ segmentId: 2, text: 'two' });
    await new Promise((resolve) => live.on('pong', resolve));
    expect(edge.received.flatMap((message) => ('segmentId' in message ? [message.segmentId] : []))).toEqual([1, 2]);
  });

  it('I47: sends a final again no sooner than the server says', async () => {
    const times: number[] = [];
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ id, segmentId }, { send }) => {
          times.push(performance.now());
          const refusal = errorMessage('too-much-outstanding', 'wait', { causedBy: id, retryAfterMs: 150 });
          send(times.length === 1 ? refusal : accepted(segmentId));
        },
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    const [first = 0, second = 0] = times;
    // Timers may be a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(149);
  });

  it('ends only after the last final is accepted', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ segmentId }, { send }) => {
          if (segmentId < 3) return;
          // If the end were sent too early, it would arrive before these replies.
          setTimeout(() => {
            for (const accepting of [1, 2, 3]) send(accepted(accepting));
          }, 20);
        },
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const order: string[] = [];
    live.on('transcript.accepted', ({ segmentId }) => order.push(`accepted ${segmentId}`));
    live.on('sent', ({ type }) => order.push(type));
    const sending = [1, 2, 3].map((segmentId) => live.sendFinal({ segmentId, text: 'x' }));
    expect(await live.end()).toEqual(ended.usage);
    await Promise.all(sending);
    expect(order.slice(-3)).toEqual(['accepted 2', 'session.end', 'accepted 3']);
  });

  it('checks the text locally before sending', async () => {
    await using edge = await startLiveEdge(startsSessions);
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const text = 'x'.repeat(started.limits.maxTextChars + 1);
    await expect(live.sendFinal({ segmentId: 1, text })).rejects.toMatchObject({ code: 'text-too-long' });
    const first = live.sendFinal({ segmentId: 1, text: 'one' });
    await expect(live.sendFinal({ segmentId: 1, text: 'two' })).rejects.toMatchObject({ code: 'segment-settled' });
    await live.close();
    await expect(first).rejects.toBeInstanceOf(ConnectionClosedError);
  });

  it('pings a silent server and disconnects if there is no reply', async () => {
    await using edge = await startLiveEdge(
      startsSessions,
      respondTo({
        'session.resume': (_message, { send }) => send(resumed()),
        ping: (_, { send }) => send({ type: 'pong' }),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], silenceMs: 40 });
    const error = await new Promise((resolve) => live.on('disconnected', resolve));
    expect(error).toBeInstanceOf(DeadlineError);
    // Three pongs on the second connection show that it is kept.
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

  it('gives up after giveUpAfterMs, or when the signal is aborted', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({ 'session.resume': (_message, { socket }) => socket.terminate() }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], giveUpAfterMs: 100 });
    await expect(live.sendFinal({ segmentId: 1, text: 'one' })).rejects.toMatchObject({ closeCode: 1006 });
    const controller = new AbortController();
    await using other = await startScriptedEdge(startsSessions);
    await using aborted = await startLiveSession({ ...sessionOptions, urls: [other.url], signal: controller.signal });
    const sending = aborted.sendFinal({ segmentId: 1, text: 'one' });
    const closed = closedOf(aborted);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(sending).rejects.toBe(reason);
    expect(await closed).toBe(reason);
  });
});

describe('a quota of sockets', () => {
  const overQuota = ({ socket }: { readonly socket: { close(code: number): void } }): void =>
    socket.close(closeCodes.overQuota);

  it('does not end a session that was open: those of an edge that was killed still count', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({ 'session.resume': (_message, peer) => overQuota(peer) }),
      respondTo({ 'session.resume': (_message, peer) => overQuota(peer) }),
      respondTo({
        'session.resume': (_message, { send }) => send(resumed({ missing: [1] })),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(edge.received.map(({ type }) => type)).toEqual([
      'session.start',
      'transcript.final',
      'session.resume',
      'session.resume',
      'session.resume',
      'transcript.final',
    ]);
  });

  it('refuses a session that was never open', async () => {
    await using edge = await startLiveEdge(respondTo({ 'session.start': (_message, peer) => overQuota(peer) }));
    const starting = startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await expect(starting).rejects.toMatchObject({ closeCode: closeCodes.overQuota });
    expect(edge.received).toHaveLength(1);
  });
});

describe('startLiveSession', () => {
  it('tries every edge and stops at a permanent refusal', async () => {
    await using busy = await startScriptedEdge(startsSessions, () => ({ status: 503, body: 'not ready' }));
    await using ready = await startScriptedEdge(startsSessions);
    await using live = await startLiveSession({ ...sessionOptions, urls: [busy.url, ready.url] });
    expect(live.started.sessionId).toBe('s1');
    await using closed = await startScriptedEdge(startsSessions, () => ({ status: 401, body: 'wrong key' }));
    const starting = startLiveSession({ ...sessionOptions, urls: [closed.url, ready.url] });
    await expect(starting).rejects.toBeInstanceOf(ConnectionRefusedError);
    await using unwilling = await startScriptedEdge(({ id }, { send }) => {
      send(errorMessage('language-unsupported', 'no xx', { causedBy: id }));
    });
    await expect(startLiveSession({ ...sessionOptions, urls: [unwilling.url] })).rejects.toMatchObject({
      code: 'language-unsupported',
    });
  });

  it('respects the timeout and the signal', async () => {
    await using silent = await startScriptedEdge(() => undefined);
    const options = { ...sessionOptions, urls: [silent.url] as const };
    await expect(startLiveSession(options, { timeoutMs: 30 })).rejects.toBeInstanceOf(DeadlineError);
    const reason = new Error('enough');
    await expect(startLiveSession(options, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(startLiveSession({ ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('works with a standard WebSocket', async () => {
    const protocols: unknown[] = [];
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      protocols.push(peer.request.headers['sec-websocket-protocol']);
      script(message, peer);
    });
    await using live = await startLiveSession({
      ...sessionOptions,
      urls: [edge.url],
      openSocket: webSocketOpener(WebSocket),
    });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    await live.end();
    expect(protocols[0]).toBe(subprotocol);
  });
});
