import { sourceOfMarked } from '@parley/checker';
import type { ServerMessage } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventClient } from '../apps/edge/test/http-api/event-client.ts';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  resultsIn,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type EngineControl,
  type LiveListener,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';

const judge = { sourceOf: sourceOfMarked };
const isPaused = ({ type }: ServerMessage): boolean => type === 'session.paused';
const isUnpaused = ({ type }: ServerMessage): boolean => type === 'session.unpaused';
const isEnded = ({ type }: ServerMessage): boolean => type === 'session.ended';
const pausesOf = ({ messages }: Pick<LiveListener, 'messages'>): string[] =>
  messages.filter((message) => isPaused(message) || isUnpaused(message)).map(({ type }) => type);

describe('a pause', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ edges: 2 });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  /** URLs of both edges, beginning with this one. */
  const from = (edge: number): [string, string] => [stack.streamUrl(edge), stack.streamUrl(1 - edge)];
  const startHost = (): Promise<LiveSpeaker> =>
    startLiveSpeaker(from(0), { sourceLanguage: 'en', targetLanguages: ['es'] }, { ...judge, isLossless: true });
  const join = (host: LiveSpeaker, edge: number): Promise<LiveListener> => {
    const { joinCode } = host.session.started;
    return startLiveListener(from(edge), { joinCode, targetLanguages: ['es', 'en'] }, judge);
  };
  const stream = (host: LiveSpeaker): Promise<EventClient> =>
    EventClient.open(new URL(`/v1/listen/${host.session.started.joinCode}/events?lang=es`, stack.edges[1]?.url).href);

  it('I44: reaches everyone on every edge and over server-sent events, however late or cut off they are', async () => {
    await using host = await startHost();
    await using near = await join(host, 0);
    await using far = await join(host, 1);
    await using events = await stream(host);
    await host.session.sendFinal({ segmentId: 1, text: 'before' });
    host.session.update({ paused: true });
    for (const client of [host, near, far, events]) await client.waitForMessage(isPaused);
    await using late = await join(host, 1);
    await late.waitForMessage(isPaused);
    expect(late.messages.map(({ type }) => type).slice(0, 2)).toEqual(['session.joined', 'session.paused']);
    await expect(host.session.sendFinal({ segmentId: 2, text: 'meanwhile' })).rejects.toMatchObject({
      code: 'session-paused',
    });

    await stack.kill('edges', 0);
    for (const { messages, waitForMessage } of [host, near]) {
      const isSecondOpening = (message: ServerMessage) =>
        ['session.resumed', 'session.joined'].includes(message.type) && messages.indexOf(message) > 0;
      await waitForMessage(isSecondOpening);
    }
    const listeners = [near, far, late];
    for (const { listening } of listeners) expect(listening.isPaused).toBe(true);
    expect(host.session.isPaused).toBe(true);

    host.session.update({ paused: false });
    await host.session.sendFinal({ segmentId: 3, text: 'after' });
    for (const client of [host, ...listeners, events]) {
      await client.waitForMessage(isUnpaused);
      await client.waitForMessage(resultOf(3, 'es'));
    }
    await stack.restart('edges', 0);
    expect(await host.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    for (const listener of listeners) {
      await listener.waitForMessage(isEnded);
      expect(listener.judge(host)).toEqual([]);
      expect(pausesOf(listener)).toEqual(['session.paused', 'session.unpaused']);
      expect(listener.listening.isPaused).toBe(false);
    }
    expect(pausesOf(host)).toEqual(['session.paused', 'session.unpaused']);
    expect(resultsIn(host.messages).map(({ segmentId }) => segmentId)).toEqual([1, 3]);
  });

  it('I44: that ends while a listener and the speaker are cut off has ended for them when they are back', async () => {
    await using host = await startHost();
    await using listener = await join(host, 1);
    host.session.update({ paused: true });
    for (const client of [host, listener]) await client.waitForMessage(isPaused);
    await stack.kill('edges', 1);
    host.socket.cut();
    host.session.update({ paused: false });
    await host.waitForMessage(isUnpaused);
    await listener.waitForMessage(isUnpaused);
    expect(listener.listening.isPaused).toBe(false);
    await host.session.sendFinal({ segmentId: 1, text: 'after' });
    await listener.waitForMessage(resultOf(1, 'es'));
    await stack.restart('edges', 1);
    expect(await host.end()).toMatchObject({ violations: [] });
  });

  it('stops open partials, but not finals that were accepted before; captions go on where they were', async () => {
    await using host = await startHost();
    await using listener = await join(host, 1);
    host.session.sendPartial({ segmentId: 1, revision: 0, text: 'the beginning' });
    await listener.waitForMessage(partialOf(1, { revision: 0 }));
    await engine.hold(true);
    await host.session.sendFinal({ segmentId: 0, text: 'accepted' });
    host.session.sendPartial({ segmentId: 1, revision: 1, text: 'the beginning of more' });
    await engine.held(2);
    host.session.update({ paused: true });
    await listener.waitForMessage(isPaused);
    // The call for the partial was cancelled.
    await engine.when(({ aborted }) => aborted > 0);
    await engine.hold(false);
    await engine.release({ all: true });
    await listener.waitForMessage(resultOf(0, 'es'));
    await using late = await join(host, 0);
    await late.waitForMessage(partialOf(1, { revision: 0 }));

    host.session.update({ paused: false });
    host.session.sendPartial({ segmentId: 1, revision: 2, text: 'the beginning of much more' });
    for (const { waitForMessage } of [listener, late]) await waitForMessage(partialOf(1, { revision: 2 }));
    await host.session.sendFinal({ segmentId: 1, text: 'the beginning of much more' });
    expect(await host.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    const types = listener.messages.map(({ type }) => type);
    const meanwhile = listener.messages.slice(types.indexOf('session.paused'), types.indexOf('session.unpaused'));
    expect(partialsIn(meanwhile)).toEqual([]);
    expect(resultsIn(meanwhile).map(({ segmentId }) => segmentId)).toEqual([0]);
  });
});
