import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import { connect, startLiveSession } from '../../src/index.ts';
import { started, startScriptedEdge } from '../scripted-edge.ts';
import { respondTo, resumed, sessionOptions, startLiveEdge } from './live-edge.ts';

const updated = (joinCode?: string) => ({ type: 'session.updated', ...(joinCode && { joinCode }) }) as const;

describe('updateJoinCode', () => {
  it('resolves with the code by which listeners can join now', async () => {
    await using edge = await startScriptedEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'session.update': ({ joinCode }, { send }) => send(updated(joinCode === 'close' ? undefined : `${joinCode}1`)),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, room: 'sunday', urls: [edge.url] });
    expect(live.joinCode).toBe('J');
    const answers = await Promise.all((['change', 'close', 'open'] as const).map((code) => live.updateJoinCode(code)));
    expect(answers).toEqual(['change1', undefined, 'open1']);
    expect(live.joinCode).toBe('open1');
    expect(edge.received[0]).toMatchObject({ type: 'session.start', room: 'sunday' });

    await using client = await connect({ url: edge.url });
    const session = await client.startSession({ sourceLanguage: 'en', targetLanguages: ['es'] });
    const same = await Promise.all((['open', 'close', 'change'] as const).map((code) => session.updateJoinCode(code)));
    expect(same).toEqual(['open1', undefined, 'change1']);
  });

  it('is repeated after a lost connection until it is answered, but not with other options', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'session.update': ({ joinCode }, { socket }) => {
          if (joinCode !== undefined) socket.terminate();
        },
      }),
      respondTo({
        'session.resume': (_message, { send }) => send(resumed()),
        'session.update': ({ joinCode }, { send, socket }) => {
          if (joinCode === undefined) return;
          send(updated('NEW'));
          setTimeout(() => socket.terminate(), 10);
        },
      }),
      respondTo({ 'session.resume': (_message, { send }) => send(resumed()) }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    live.update({ context: 'a sermon' });
    expect(await live.updateJoinCode('change')).toBe('NEW');
    await new Promise((resolve) => live.on('resumed', resolve));
    const sent = edge.received.flatMap((message) => (message.type === 'session.update' ? [message.joinCode] : []));
    expect(sent).toEqual([undefined, 'change', undefined, 'change']);
  });

  it('rejects if the server refuses it', async () => {
    await using edge = await startScriptedEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'session.update': ({ id }, { send }) => send(errorMessage('session-ending', 'over', { causedBy: id })),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await expect(live.updateJoinCode('close')).rejects.toMatchObject({ name: 'ServerError', code: 'session-ending' });
    await live.close();
    await expect(live.updateJoinCode('open')).rejects.toMatchObject({ name: 'ConnectionClosedError' });
  });

  it('knows that a room is closed at the start', async () => {
    await using edge = await startScriptedEdge(
      respondTo({ 'session.start': (_message, { send }) => send({ ...started, joinCodeClosed: true }) }),
    );
    await using live = await startLiveSession({ ...sessionOptions, room: 'sunday', urls: [edge.url] });
    expect([live.joinCode, live.started.joinCode]).toEqual([undefined, 'J']);
  });
});
