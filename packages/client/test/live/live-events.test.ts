import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage, type ServerMessage } from '@parley/protocol';
import { joinLive, startLiveSession, type LiveEvents, type LiveOptions } from '../../src/index.ts';
import { ended, started, startScriptedEdge } from '../scripted-edge.ts';
import { accepted, joined, respondTo, resumed, sessionOptions, startLiveEdge, translated } from './live-edge.ts';

const names = [
  'connecting',
  'connected',
  'resumed',
  'disconnected',
  'reconnecting',
  'ended',
  'error',
  'closed',
] as const;

/** Listeners that record the names of events, with what tells them apart. */
function record(): { heard: unknown[][]; on: NonNullable<LiveOptions['on']>; closed: Promise<undefined> } {
  const heard: unknown[][] = [];
  const { promise: closed, resolve } = Promise.withResolvers<undefined>();
  const detail = (event: LiveEvents[(typeof names)[number]]): unknown[] => {
    if (event === undefined) return [];
    if ('attempt' in event) return [event.attempt];
    if ('recovered' in event) return [event.recovered];
    if (event instanceof Error) return [event.name];
    return [];
  };
  const on = Object.fromEntries(
    names.map((name) => [
      name,
      (event: LiveEvents[typeof name]) => {
        heard.push([name, ...detail(event)]);
        if (name === 'closed') resolve(undefined);
      },
    ]),
  );
  return { heard, on, closed };
}

describe('the events of a live session', () => {
  it('tell of attempts, the loss, the return and the end', async () => {
    let refusals = 2;
    let heardBack = false;
    const { heard, on, closed } = record();
    await using edge = await startScriptedEdge(
      (message, { send, socket }) => {
        if (message.type === 'session.start') send(started);
        if (message.type === 'session.resume') send(resumed());
        heardBack ||= message.type === 'session.resume';
        // Sent again after the return.
        if (message.type === 'transcript.partial' && !heardBack) socket.close(closeCodes.goingAway);
        if (message.type === 'transcript.final') send(accepted(message.segmentId));
        if (message.type === 'session.end') send(ended);
      },
      () => ((refusals -= 1) >= 0 ? { status: 503, body: 'not yet' } : undefined),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], on });
    const back = new Promise((resolve) => live.on('resumed', resolve));
    live.sendPartial({ segmentId: 1, revision: 1, text: 'good' });
    expect(await back).toEqual({ recovered: true });
    await live.sendFinal({ segmentId: 1, text: 'good morning' });
    await live.end();
    await closed;
    expect(heard).toEqual([
      ['connecting', 1],
      ['reconnecting'],
      ['connecting', 2],
      ['reconnecting'],
      ['connecting', 3],
      ['connected'],
      ['disconnected', 'ConnectionClosedError'],
      ['reconnecting'],
      ['connecting', 1],
      ['connected'],
      ['resumed', true],
      ['ended'],
      ['closed'],
    ]);
  });

  it('tell that messages may be missing', async () => {
    const { heard, on } = record();
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { send, socket }) => {
          send(joined(100));
          socket.close(closeCodes.goingAway);
        },
      }),
      respondTo({
        'session.join': (_message, { send }) => {
          send({ ...joined(200), recovered: false } as ServerMessage);
          send(ended);
        },
      }),
    );
    const options = { joinCode: 'J', targetLanguages: ['es'], backoff: sessionOptions.backoff };
    await using live = await joinLive({ ...options, urls: [edge.url], on });
    await new Promise((resolve) => live.on('closed', resolve));
    expect(heard).toContainEqual(['resumed', false]);
    expect(heard.at(-2)).toEqual(['ended']);
  });

  it('report a refused message and go on', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.partial': ({ id }, { send }) => {
          send(errorMessage('invalid-field', 'text: must be a string', { param: 'text', causedBy: id }));
          send(translated(7, 200));
        },
      }),
    );
    const { heard, on } = record();
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url], on });
    const refused = new Promise((resolve) => live.on('error', resolve));
    const goesOn = new Promise((resolve) => live.on('translation.final', resolve));
    const id = live.sendPartial({ segmentId: 1, revision: 1, text: 'x' });
    expect(await refused).toMatchObject({ name: 'ServerError', code: 'invalid-field', param: 'text', causedBy: id });
    await goesOn;
    expect(heard.filter(([name]) => name === 'error')).toEqual([['error', 'ServerError']]);
  });

  it.each([
    ['refuses the key', { status: 401, body: 'the API key is unknown' }, 'ConnectionRefusedError'],
    ['refuses the session', undefined, 'ServerError'],
  ])('end with one error if the server %s', async (_what, refusal, name) => {
    const { heard, on } = record();
    const script = respondTo({
      'session.start': ({ id }, { send }) => send(errorMessage('over-budget', 'no', { causedBy: id })),
    });
    await using edge = await startScriptedEdge(script, () => refusal);
    await expect(startLiveSession({ ...sessionOptions, urls: [edge.url], on })).rejects.toMatchObject({ name });
    expect(heard).toEqual([
      ['connecting', 1],
      ['error', name],
      ['closed', name],
    ]);
  });

  it('tell in the timeout why the attempts before failed', async () => {
    await using edge = await startScriptedEdge(
      () => undefined,
      () => ({ status: 503, body: 'the edge is going away' }),
    );
    const starting = startLiveSession({ ...sessionOptions, urls: [edge.url] }, { timeoutMs: 300 });
    await expect(starting).rejects.toMatchObject({
      name: 'DeadlineError',
      message: expect.stringContaining('HTTP 503: the edge is going away') as unknown,
      cause: { name: 'ConnectionRefusedError', status: 503 },
    });
  });
});
