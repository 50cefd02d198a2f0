import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLiveSession } from '@parley/client';
import type { ServerMessage } from '@parley/protocol';
import { WebSocket } from 'ws';
import { engineOf, startStack, type EngineControl, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

/** A client without a library, which can send anything. */
async function connectRaw(url: string) {
  const socket = new WebSocket(url, 'parley.v1');
  const messages: ServerMessage[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
  await once(socket, 'open');
  return {
    messages,
    send: (message: object) => socket.send(JSON.stringify(message)),
    waitForMessage: async (fits: (message: ServerMessage) => boolean): Promise<ServerMessage> => {
      for (;;) {
        const heard = messages.find(fits);
        if (heard !== undefined) return heard;
        await once(socket, 'message');
      }
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

describe('an invalid message', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    const env = { WORKERS: 'process', MAX_OPEN_SEGMENTS: '4', SINGLEFLIGHT: 'off' };
    stack = await startStack({ workers: 1, env });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  it('I14: with an invalid optional field is accepted, and the field is reported once', async () => {
    using client = await connectRaw(stack.streamUrl());
    client.send({
      type: 'session.start',
      id: 1,
      sourceLanguage: 'en',
      targetLanguages: ['es'],
      formality: 'posh',
      context: null,
    });
    const wrong = { speaker: {}, startMs: -3, endMs: '900.4', language: '', stable: null };
    for (const segmentId of [1, 2]) {
      client.send({ type: 'transcript.partial', segmentId, revision: 0, text: 'good', ...wrong });
      client.send({ type: 'transcript.final', segmentId, text: 'good day', ...wrong });
    }
    client.send({ type: 'transcript.final', segmentId: 3, text: 'bye', speaker: 4, startMs: 1.6 });
    client.send({ type: 'session.end' });
    await client.waitForMessage(({ type }) => type === 'session.ended');
    const finals = client.messages.filter((message) => message.type === 'translation.final');
    expect(finals).toMatchObject([
      { segmentId: 1, endMs: 900 },
      { segmentId: 2, endMs: 900 },
      { segmentId: 3, speaker: '4', startMs: 2 },
    ]);
    for (const final of finals.slice(0, 2)) {
      expect(final).not.toHaveProperty('speaker');
      expect(final).not.toHaveProperty('startMs');
    }
    const notices = client.messages.filter((message) => message.type === 'notice');
    expect(notices.map(({ code, param }) => [code, param])).toEqual(
      ['formality', 'language', 'startMs', 'speaker'].map((param) => ['field-ignored', param]),
    );
    expect(notices[0]?.causedBy).toBe('1');
    expect(client.messages[0]).toMatchObject({ type: 'session.started' });
    expect(client.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('I14: with an invalid required field is rejected by name, and affects nothing else', async () => {
    using client = await connectRaw(stack.streamUrl());
    client.send({ type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] });
    client.send({ type: 'transcript.partial', segmentId: 1, text: 'no revision', id: 'a' });
    client.send({ type: 'transcript.final', segmentId: '1', text: 'a string', id: 'b' });
    client.send({ type: 'transcript.final', segmentId: 1, text: 'right', id: 'c' });
    client.send({ type: 'session.end' });
    await client.waitForMessage(({ type }) => type === 'session.ended');
    expect(client.messages.filter(({ type }) => type === 'error')).toMatchObject([
      { code: 'invalid-field', param: 'revision', causedBy: 'a' },
      { code: 'invalid-field', param: 'segmentId', causedBy: 'b' },
    ]);
    expect(client.messages.filter(({ type }) => type === 'translation.final')).toHaveLength(1);
  });

  it('I14: in an oversized frame is reported, and the session ends normally', async () => {
    const url = stack.streamUrl();
    await using session = await startLiveSession({ urls: [url], sourceLanguage: 'en', targetLanguages: ['es'] });
    const tooLarge = session.sendFinal({
      segmentId: 1,
      text: 'one',
      speaker: 'x'.repeat(session.started.limits.maxFrameBytes),
    });
    await expect(tooLarge).rejects.toMatchObject({ code: 'frame-too-large' });
    await session.sendFinal({ segmentId: 2, text: 'two' });
    await expect(session.end()).resolves.toMatchObject({ segments: 1 });
  });

  it('I34: is never a new partial, regardless of the number of open segments', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    for (let segmentId = 1; segmentId <= 40; segmentId++) {
      speaker.session.sendPartial({ segmentId, revision: 0, text: `sentence ${segmentId}` });
    }
    const shown = await speaker.waitForMessage(
      (message) => message.type === 'translation.partial' && message.segmentId === 40,
    );
    expect(shown).toMatchObject({ tentative: '[es] sentence 40' });
    await speaker.session.sendFinal({ segmentId: 1, text: 'sentence 1' });
    speaker.session.sendPartial({ segmentId: 2, revision: 1, text: 'sentence 2 again' });
    await speaker.waitForMessage((message) => message.type === 'translation.partial' && message.revision === 1);
    expect(await speaker.end()).toMatchObject({
      violations: [],
      counts: { finalsTranslated: 1, errors: new Map() },
    });
  });

  it('I28, I34: aborts the calls of evicted segments', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await engine.hold(true);
    for (let segmentId = 1; segmentId <= 4; segmentId++) {
      speaker.session.sendPartial({ segmentId, revision: 0, text: `sentence ${segmentId}` });
    }
    await engine.held(4);
    for (let segmentId = 5; segmentId <= 7; segmentId++) {
      speaker.session.sendPartial({ segmentId, revision: 0, text: `sentence ${segmentId}` });
    }
    await engine.when(({ aborted }) => aborted === 3);
    const held = await engine.held(4);
    expect(held.map(({ text }) => text).sort()).toEqual([4, 5, 6, 7].map((segment) => `sentence ${segment}`));
    await engine.hold(false);
    await engine.release({ all: true });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('I35: is reported without internals of the engine', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
    await stack.engine.child.stop();
    await speaker.session.sendFinal({ segmentId: 1, text: 'nobody translates this' });
    const failed = await speaker.waitForMessage(({ type }) => type === 'translation.failed');
    expect(failed).toMatchObject({ code: 'engine-unavailable', message: 'no engine could be reached in time' });
  });
});
