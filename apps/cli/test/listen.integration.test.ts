import { describe, expect, it } from '@jest/globals';
import { closeCodes, type ServerMessage } from '@parley/protocol';
import { ended, startScriptedEdge, timing, type Script } from '../../../packages/client/test/scripted-edge.ts';
import { runParley, startParley } from './run-parley.ts';

const code = 'K7QX2M9TFA';
const args = (url: string, ...more: string[]): string[] => ['listen', code, '--to', 'es,en', '--url', url, ...more];

const joined: ServerMessage = {
  ...({ type: 'session.joined', sessionId: 's1', sourceLanguage: 'en', offset: 100, recovered: true } as const),
  targetLanguages: ['es', 'en'],
};
const transcript: ServerMessage = { type: 'transcript.final', segmentId: 1, text: 'Hi.', language: 'en', offset: 101 };
const partial: ServerMessage = {
  ...({ type: 'translation.partial', segmentId: 1, revision: 0, targetLanguage: 'es' } as const),
  ...{ concluded: '', tentative: 'ho', timing },
};
const final = (segmentId: number, text: string): ServerMessage => ({
  ...({ type: 'translation.final', segmentId, targetLanguage: 'es', cached: false, timing } as const),
  ...{ text, offset: 101 + segmentId },
});

/** Answers a join with these messages. */
const says =
  (...messages: ServerMessage[]): Script =>
  (message, { send }) => {
    if (message.type === 'session.join') for (const reply of [joined, ...messages]) send(reply);
  };

describe('parley listen', () => {
  it('joins by the code, prints finals only, and exits with 0 when the session ends', async () => {
    const protocols: unknown[] = [];
    await using edge = await startScriptedEdge(
      says(transcript, partial, final(1, 'Hola.\n¿Qué tal?'), ended),
      (request) => {
        protocols.push(request.headers['sec-websocket-protocol']);
        return undefined;
      },
    );
    expect(await runParley(args(edge.url))).toEqual({
      exitCode: 0,
      stdout: ['en\tHi.', 'es\tHola. ¿Qué tal?'],
      stderr: '',
    });
    expect(protocols).toEqual([`parley.v1,join.${code}`]);
    expect(edge.received[0]).toMatchObject({ type: 'session.join', joinCode: code, targetLanguages: ['es', 'en'] });
  });

  it('prints every message with --json', async () => {
    const messages = [joined, transcript, partial, final(1, 'Hola.'), ended];
    await using edge = await startScriptedEdge(says(...messages.slice(1)));
    const { exitCode, stdout } = await runParley(args(edge.url, '--json'));
    expect(stdout.map((line) => JSON.parse(line) as unknown)).toEqual(messages);
    expect(exitCode).toBe(0);
  });

  it('waits for what is said, and stops on SIGINT', async () => {
    let speak = (): void => undefined;
    const listening = new Promise<void>((resolve) => {
      speak = resolve;
    });
    const peers: ((message: ServerMessage) => void)[] = [];
    await using edge = await startScriptedEdge((message, { send }) => {
      if (message.type !== 'session.join') return;
      send(joined);
      peers.push(send);
      speak();
    });
    await using parley = startParley(args(edge.url));
    await listening;
    peers[0]?.(final(1, 'Hola.'));
    expect(await parley.nextLine()).toBe('es\tHola.');
    parley.child.kill('SIGINT');
    expect(await parley.ended).toMatchObject({ exitCode: 130, stderr: '' });
  });

  it('goes on at the next edge where the first one has stopped', async () => {
    await using second = await startScriptedEdge(says(final(2, 'dos'), ended));
    await using first = await startScriptedEdge((message, peer) => {
      says(final(1, 'uno'))(message, peer);
      if (message.type === 'session.join') peer.socket.close(closeCodes.goingAway, 'going away');
    });
    const { exitCode, stdout, stderr } = await runParley(args(`${first.url},${second.url}`));
    expect(stdout).toEqual(['es\tuno', 'es\tdos']);
    expect(stderr).toMatch(/^parley: the connection was lost, reconnecting: .*1012.*\nparley: connected again\n$/);
    expect(second.received[0]).toMatchObject({ type: 'session.join', joinCode: code, offset: 102 });
    expect(exitCode).toBe(0);
  });

  it('waits for the session of a room', async () => {
    let refusals = 0;
    await using edge = await startScriptedEdge(says(final(1, 'Hola.'), ended), () =>
      (refusals += 1) === 1 ? { status: 425, body: 'not yet' } : undefined,
    );
    expect(await runParley(args(edge.url))).toEqual({
      exitCode: 0,
      stdout: ['es\tHola.'],
      stderr: 'parley: the talk has not begun yet, waiting for it\n',
    });
  }, 20_000);

  it('fails with one line if no session has the code', async () => {
    const body = 'this join code is not known';
    await using edge = await startScriptedEdge(says(), () => ({ status: 401, body }));
    expect(await runParley(args(edge.url))).toEqual({
      ...{ exitCode: 1, stdout: [] },
      stderr: `parley: the server refused the connection with HTTP 401: ${body}\n`,
    });
  });

  it('fails with one line if the language is not offered', async () => {
    await using edge = await startScriptedEdge(({ id }, { send }) => {
      const refusal = { type: 'error', code: 'language-not-offered', message: 'no es', retryable: false } as const;
      send({ ...refusal, ...(id === undefined ? {} : { causedBy: id }) });
    });
    const { exitCode, stderr } = await runParley(args(edge.url));
    expect([exitCode, stderr]).toEqual([1, 'parley: language-not-offered: no es\n']);
  });
});
