import { connect } from '@parley/client';
import { joinSubprotocolPrefix, subprotocol, type ServerMessage } from '@parley/protocol';
import { expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { resultsIn, startLiveSpeaker, startStack, type LiveSpeaker, type TestStack } from './harness/index.ts';

const apiKey = 'a-key-of-this-test-alone';
const startHost = (stack: TestStack): Promise<LiveSpeaker> =>
  startLiveSpeaker([stack.streamUrl(0)], { sourceLanguage: 'en', apiKey, targetLanguages: ['es'] });
const isEnded = ({ type }: ServerMessage): boolean => type === 'session.ended';

it('I26: the join code alone allows listening and nothing else', async () => {
  await using stack = await startStack({ edges: 2, workers: 1, env: { API_KEYS: `tenant:${apiKey}` } });
  await using host = await startHost(stack);
  const url = stack.streamUrl(1);
  await expect(connect({ url })).rejects.toMatchObject({ status: 401 });
  await expect(connect({ url, joinCode: 'WRONGCODE0' })).rejects.toMatchObject({ status: 401 });
  const { joinCode } = host.session.started;
  await using stranger = await connect({ url, joinCode });
  await expect(stranger.startSession({ sourceLanguage: 'en', targetLanguages: ['es'] })).rejects.toMatchObject({
    code: 'listen-only',
  });
  await using other = await startHost(stack);
  const otherCode = other.session.started.joinCode;
  await expect(stranger.join({ joinCode: otherCode, targetLanguages: ['es'] })).rejects.toMatchObject({
    code: 'join-code-unknown',
  });

  const socket = new WebSocket(url, [subprotocol, `${joinSubprotocolPrefix}${joinCode}`]);
  const heard: ServerMessage[] = [];
  const answers = Promise.withResolvers<undefined>();
  socket.on('message', (frame: Buffer) => {
    heard.push(JSON.parse(frame.toString()) as ServerMessage);
    if (heard.at(-1)?.type === 'pong') answers.resolve(undefined);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const say = (message: object): void => socket.send(JSON.stringify(message));
  say({ type: 'session.join', joinCode, targetLanguages: ['es'] });
  const forbidden = [
    { type: 'transcript.partial', segmentId: 1, revision: 0, text: 'I am not the host' },
    { type: 'transcript.final', segmentId: 1, text: 'I am not the host' },
    { type: 'session.update', targetLanguages: ['fr'] },
    { type: 'session.end' },
  ];
  for (const message of forbidden) say({ ...message, id: message.type });
  say({ type: 'ping' });
  await answers.promise;
  expect(heard).toMatchObject([
    { type: 'session.joined' },
    ...forbidden.map(({ type }) => ({ type: 'error', code: 'listen-only', causedBy: type, retryable: false })),
    { type: 'pong' },
  ]);
  // The listener is still connected, and the session is unaffected.
  await host.session.sendFinal({ segmentId: 1, text: 'I am the host' });
  await host.end();
  while (!heard.some(isEnded)) await new Promise((resolve) => socket.once('message', resolve));
  expect(resultsIn(heard)).toMatchObject([{ segmentId: 1, text: '[es] I am the host' }]);
  socket.close();
});
