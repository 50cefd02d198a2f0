import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage, type ServerMessage, type SessionEnded } from '@parley/protocol';
import { connect, ConnectionClosedError, DeadlineError, ServerError, UnreadableFrameError } from '../src/index.ts';
import { ended, markedScript, started, startScriptedEdge, type Script } from './scripted-edge.ts';

const start = { sourceLanguage: 'en', targetLanguages: ['es', 'ca'] };

/** Starts sessions and passes all other messages to the script. */
function afterStart(script: Script): Script {
  return (message, peer) => {
    if (message.type === 'session.start') peer.send(started);
    else script(message, peer);
  };
}

describe('a session', () => {
  it('sends messages and passes replies to its listeners', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using client = await connect({ url: edge.url });
    const session = await client.startSession({ ...start, ordered: true });
    const all: ServerMessage[] = [];
    const finals: string[] = [];
    session.on('message', (message) => all.push(message));
    const takeOff = session.on('translation.final', ({ text, targetLanguage }) =>
      finals.push(`${targetLanguage} ${text}`),
    );
    session.sendPartial({ segmentId: 4, revision: 1, text: 'good' });
    session.update({ context: 'a meeting' });
    await session.sendFinal({ segmentId: 4, text: 'good morning' });
    expect(await session.end()).toEqual(ended.usage);
    expect(finals).toEqual(['es [es] good morning', 'ca [ca] good morning']);
    expect(all.map(({ type }) => type)).toEqual([
      'translation.partial',
      'translation.partial',
      'transcript.accepted',
      'translation.final',
      'translation.final',
      'session.ended',
    ]);
    expect(edge.received).toMatchObject([
      { type: 'session.start', id: '1', ordered: true },
      { type: 'transcript.partial', id: '2', segmentId: 4, revision: 1, text: 'good' },
      { type: 'session.update', id: '3', context: 'a meeting' },
      { type: 'transcript.final', id: '4', segmentId: 4, text: 'good morning' },
      { type: 'session.end', id: '5' },
    ]);
    takeOff();
  });

  it('passes the figures of stability to the listeners of session.ended', async () => {
    const stability = { normalizedErasure: 0.2, finalErasure: 0.05, unitsBehind: 1.5, coverage: 0.9 };
    await using edge = await startScriptedEdge(afterStart((_message, { send }) => send({ ...ended, stability })));
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const endings: SessionEnded[] = [];
    session.on('session.ended', (message) => endings.push(message));
    expect(await session.end()).toEqual(ended.usage);
    expect(endings).toEqual([{ ...ended, stability }]);
  });

  it('does not call a removed listener', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    let calls = 0;
    const count = (): void => void (calls += 1);
    session.on('transcript.accepted', count);
    session.on('transcript.accepted', count)();
    await session.sendFinal({ segmentId: 1, text: 'one' });
    expect(calls).toBe(1);
  });

  it('rejects with the error that names the message', async () => {
    const refusals: Script = (message, { send }) => {
      if (message.type !== 'transcript.final') return;
      if (message.segmentId === 1)
        send(errorMessage('text-too-long', 'too long', { causedBy: message.id, param: 'text' }));
      else send({ type: 'transcript.accepted', segmentId: message.segmentId });
    };
    await using edge = await startScriptedEdge(afterStart(refusals));
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const second = session.sendFinal({ segmentId: 2, text: 'fine' });
    const error: unknown = await session.sendFinal({ segmentId: 1, text: 'long' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: 'text-too-long', param: 'text', retryable: false });
    await second;
  });

  it('I7: matches the replies to two finals of one segment', async () => {
    const held: string[] = [];
    const answers: Script = (message, { send }) => {
      if (message.type === 'transcript.final') held.push(message.id ?? '');
      if (held.length < 4) return;
      // Sent in one go, so that the client receives them back to back.
      const accept = { type: 'transcript.accepted', segmentId: 1 } as const;
      const refusal = errorMessage('segment-settled', 'another text', { causedBy: held[1] });
      for (const reply of [accept, refusal, accept, accept]) send(reply);
    };
    await using edge = await startScriptedEdge(afterStart(answers));
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const said = ['one', 'another', 'one', 'one'].map((text) => session.sendFinal({ segmentId: 1, text }));
    const outcomes = await Promise.allSettled(said);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('ignores errors about other messages', async () => {
    await using edge = await startScriptedEdge(
      afterStart((message, { send }) => {
        if (message.type !== 'transcript.final') return;
        send(errorMessage('invalid-field', 'something else', { causedBy: 'another' }));
        send({ type: 'transcript.accepted', segmentId: message.segmentId });
      }),
    );
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const errors: string[] = [];
    session.on('error', ({ code }) => errors.push(code));
    await session.sendFinal({ segmentId: 1, text: 'one' });
    expect(errors).toEqual(['invalid-field']);
  });

  it('ignores acceptances of other segments', async () => {
    await using edge = await startScriptedEdge(
      afterStart((message, { send }) => {
        if (message.type === 'transcript.final') send({ type: 'transcript.accepted', segmentId: 99 });
      }),
    );
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const sending = session.sendFinal({ segmentId: 1, text: 'one' }, { timeoutMs: 50 });
    await expect(sending).rejects.toBeInstanceOf(DeadlineError);
  });

  it('rejects every wait when the signal is aborted', async () => {
    await using edge = await startScriptedEdge(afterStart(() => undefined));
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const controller = new AbortController();
    const waits = [
      session.sendFinal({ segmentId: 1, text: 'one' }, { signal: controller.signal }),
      session.end({ signal: controller.signal }),
    ];
    const reason = new Error('enough');
    controller.abort(reason);
    for (const wait of waits) await expect(wait).rejects.toBe(reason);
    await expect(session.end({ signal: controller.signal })).rejects.toBe(reason);
  });

  it('rejects pending and later calls with the close code', async () => {
    await using edge = await startScriptedEdge(
      afterStart((_message, { socket }) => {
        socket.close(closeCodes.slowConsumer, 'slow');
      }),
    );
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    const closings: number[] = [];
    session.on('closed', ({ closeCode }) => closings.push(closeCode));
    const error: unknown = await session.sendFinal({ segmentId: 1, text: 'one' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionClosedError);
    expect(error).toMatchObject({ closeCode: closeCodes.slowConsumer, reason: 'slow' });
    expect(() => session.sendPartial({ segmentId: 2, revision: 1, text: 'two' })).toThrow(ConnectionClosedError);
    expect(closings).toEqual([closeCodes.slowConsumer]);
  });

  it('reports 1006 if the connection was cut', async () => {
    await using edge = await startScriptedEdge(afterStart((_message, { socket }) => socket.terminate()));
    await using client = await connect({ url: edge.url });
    const session = await client.startSession(start);
    await expect(session.end()).rejects.toMatchObject({ name: 'ConnectionClosedError', closeCode: 1006 });
  });

  it.each(['{', '[]', '{"type":"translation.final","segmentId":"one"}'])(
    'closes the connection after an invalid frame: %s',
    async (frame) => {
      await using edge = await startScriptedEdge(afterStart((_message, { socket }) => socket.send(frame)));
      await using client = await connect({ url: edge.url });
      const session = await client.startSession(start);
      const error: unknown = await session.end().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ConnectionClosedError);
      expect((error as Error).cause).toBeInstanceOf(UnreadableFrameError);
    },
  );

  it('ignores unknown message types and fields', async () => {
    await using edge = await startScriptedEdge(
      afterStart((_message, { socket, send }) => {
        socket.send('{"type":"session.greeting"}');
        send({ ...ended, mood: 'good' } as ServerMessage);
      }),
    );
    await using client = await connect({ url: edge.url });
    expect(await (await client.startSession(start)).end()).toEqual(ended.usage);
  });

  it('rejects if the server refuses to start a session', async () => {
    await using edge = await startScriptedEdge((message, { send }) => {
      send(errorMessage('language-unsupported', 'no xx', { causedBy: message.id, param: 'targetLanguages' }));
    });
    await using client = await connect({ url: edge.url });
    await expect(client.startSession(start)).rejects.toMatchObject({ code: 'language-unsupported' });
  });

  it('closes once if closed repeatedly', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const client = await connect({ url: edge.url });
    let closings = 0;
    client.on('closed', () => (closings += 1));
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(closings).toBe(1);
  });
});
