import { describe, expect, it } from '@jest/globals';
import { openSession } from '../public/connection.js';
import { sessionEnded, sessionStarted, startScriptedServer, type Message } from './scripted-server.ts';

type State = Parameters<Parameters<typeof openSession>[0]['onState']>[0];

const start: Message = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };

const follow = (url: string, key = '') => {
  const states: State[] = [];
  const messages: Message[] = [];
  const opened = Promise.withResolvers<undefined>();
  const closed = Promise.withResolvers<State>();
  const session = openSession({
    url: `${url.replace('http', 'ws')}v1/stream`,
    key,
    start,
    onMessage: (message) => messages.push(message),
    onState: (state) => {
      states.push(state);
      if (state.name === 'open') opened.resolve(undefined);
      if (state.name === 'closed') closed.resolve(state);
    },
  });
  return { session, states, messages, opened: opened.promise, closed: closed.promise };
};
const respond = ({ type }: Message): Message[] => {
  if (type === 'session.start') return [sessionStarted];
  return type === 'session.end' ? [sessionEnded] : [];
};

describe('a session of the page', () => {
  it('starts, sends, and ends on request', async () => {
    await using server = await startScriptedServer(respond);
    const { session, states, messages, opened, closed } = follow(server.url);
    session.send({ type: 'ping' });
    await opened;
    session.send({ type: 'transcript.final', segmentId: 1, text: 'Good morning.' });
    session.end();
    expect(await closed).toMatchObject({ isRequested: true, reason: 'The session has ended.' });
    expect(states.map(({ name }) => name)).toEqual(['connecting', 'open', 'ending', 'closed']);
    expect(messages.map(({ type }) => type)).toEqual(['session.started', 'session.ended']);
    expect(server.received.map(({ type }) => type)).toEqual(['session.start', 'transcript.final', 'session.end']);
    expect(server.offered()).toEqual(['parley.v1']);
  });

  it('sends a key as a second subprotocol and reports a key that a browser cannot send', async () => {
    await using server = await startScriptedServer(respond);
    const { session, opened, closed } = follow(server.url, 'key-0123456789abc');
    await opened;
    expect(server.offered()).toEqual(['parley.v1', 'bearer.key-0123456789abc']);
    session.end();
    await closed;
    expect(() => follow(server.url, 'key/with=signs')).toThrow('cannot send this API key');
  });

  it('reports why it was refused', async () => {
    await using server = await startScriptedServer(() => [
      {
        type: 'error',
        code: 'language-unsupported',
        message: 'targetLanguages: "xx" is not offered',
        retryable: false,
      },
    ]);
    const { closed } = follow(server.url);
    const reason = 'The session was not started. There is no translation between these languages.';
    expect(await closed).toMatchObject({ isRequested: false, reason });
  });

  it('reports a lost connection and an unreachable server', async () => {
    const server = await startScriptedServer(respond);
    const cut = follow(server.url);
    await cut.opened;
    server.cut();
    expect(await cut.closed).toMatchObject({ isRequested: false, reason: 'The connection was lost.' });
    await server[Symbol.asyncDispose]();
    const refused = follow(server.url);
    expect(await refused.closed).toMatchObject({
      isRequested: false,
      reason: expect.stringContaining('Could not connect.'),
    });
    expect(refused.states.map(({ name }) => name)).toEqual(['connecting', 'closed']);
  });
});
