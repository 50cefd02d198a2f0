import { describe, expect, it } from '@jest/globals';
import { closeCodes, type ServerMessage } from '@parley/protocol';
import { DeadlineError, startLiveSession } from '../../src/index.ts';
import { ended, started, startScriptedEdge } from '../scripted-edge.ts';
import { accepted, respondTo, sessionOptions, resumed, startLiveEdge, translated } from './live-edge.ts';

describe('a live session that has lost its socket', () => {
  it.each([
    ['cut', (socket: { terminate(): void; close(code: number): void }) => socket.terminate()],
    [
      'told to go elsewhere',
      (socket: { terminate(): void; close(code: number): void }) => socket.close(closeCodes.goingAway),
    ],
    ['too slow', (socket: { terminate(): void; close(code: number): void }) => socket.close(closeCodes.slowConsumer)],
  ])('reconnects to the next edge when it was %s, and names its pending finals', async (_how, lose) => {
    await using first = await startScriptedEdge(
      respondTo({
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
      respondTo({
        'session.resume': (_message, { send }) => send(resumed({ accepted: [2], missing: [3] })),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [first.url, second.url] });
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

  it('uses the previous token if the reply to a resume was lost', async () => {
    const lost = respondTo({ 'session.resume': (_message, { socket }) => socket.terminate() });
    const silent = respondTo({});
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      lost,
      silent,
      respondTo({
        'session.resume': (_message, { send, socket }) => {
          send(resumed({ missing: [1] }));
          socket.once('message', () => socket.terminate());
        },
      }),
      respondTo({ 'session.resume': (_message, { send }) => send(resumed({ accepted: [1] })) }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], openTimeoutMs: 200 });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    const tokens = edge.received.flatMap((message) => (message.type === 'session.resume' ? [message.resumeToken] : []));
    expect(tokens).toEqual(['R', 'R', 'R', 'R2']);
  });

  it('drops partials and keeps finals while disconnected', async () => {
    const gone = Promise.withResolvers<undefined>();
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.partial': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({
        'session.resume': (_message, { send }) => void gone.promise.then(() => send(resumed())),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
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
      // The timeout only ended the wait.
      { type: 'transcript.final', segmentId: 2 },
    ]);
  });

  it('answers a resync on the same socket and drops duplicates', async () => {
    let sockets = 0;
    await using edge = await startLiveEdge(
      respondTo({
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
    await using live = await startLiveSession({ ...sessionOptions, targetLanguages: ['es', 'ca'], urls: [edge.url] });
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
});
