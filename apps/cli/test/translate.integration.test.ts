import { describe, expect, it } from '@jest/globals';
import { closeCodes, type ServerMessage } from '@parley/protocol';
import {
  ended,
  markedScript,
  started,
  startScriptedEdge,
  timing,
  type Script,
} from '../../../packages/client/test/scripted-edge.ts';
import { runParley, startParley } from './run-parley.ts';

const args = (url: string, ...more: string[]): string[] => [
  'translate',
  '--from',
  'en',
  '--to',
  'es,ca',
  '--url',
  url,
  ...more,
];

/** Translates finals into Spanish only, and ends the session although the other translation is missing. */
const halfScript: Script = (message, peer) => {
  if (message.type === 'session.start') peer.send(started);
  if (message.type === 'session.end') peer.send(ended);
  if (message.type !== 'transcript.final') return;
  const { segmentId } = message;
  peer.send({ type: 'transcript.accepted', segmentId });
  peer.send({
    type: 'translation.final',
    segmentId,
    targetLanguage: 'es',
    text: 'x',
    offset: 200,
    cached: false,
    timing,
  });
};

describe('parley translate', () => {
  it('translates every line into every language and exits with 0', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { exitCode, stdout } = await runParley(args(edge.url), 'one\n\n  \ntwo');
    expect(stdout).toEqual(['es\t[es] one', 'ca\t[ca] one', 'es\t[es] two', 'ca\t[ca] two']);
    expect(exitCode).toBe(0);
  });

  it('starts the session in a room, and tells its join code', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { exitCode, stderr } = await runParley(args(edge.url, '--room', 'sunday'), 'one');
    expect([exitCode, stderr]).toEqual([0, 'parley: the join code is J\n']);
    expect(edge.received[0]).toMatchObject({ type: 'session.start', room: 'sunday' });
    const { stderr: refusal } = await runParley(args(edge.url, 'talk.srt', '--room', 'sunday'));
    expect(refusal).toContain("option '--room' is for standard input");
  });

  it('prints each translation as it arrives, while the input stays open', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using parley = startParley(args(edge.url));
    for (const word of ['one', 'two', 'three']) {
      parley.child.stdin.write(`${word}\n`);
      expect(await parley.nextLine()).toBe(`es\t[es] ${word}`);
      expect(await parley.nextLine()).toBe(`ca\t[ca] ${word}`);
    }
    parley.child.stdin.end();
    expect((await parley.ended).exitCode).toBe(0);
  });

  it('limits the outstanding lines of an endless input', async () => {
    await using edge = await startScriptedEdge((message, { send }) => {
      if (message.type === 'session.start') send(started);
      if (message.type === 'transcript.final') send({ type: 'transcript.accepted', segmentId: message.segmentId });
    });
    const { exitCode, stderr } = await runParley(args(edge.url, '--timeout', '0.5'), 'again\n'.repeat(2000));
    expect(edge.received.filter(({ type }) => type === 'transcript.final')).toHaveLength(32);
    expect(stderr).toBe('parley: no translation within 500 ms\n');
    expect(exitCode).toBe(1);
  });

  it('does not exit successfully while a translation is missing', async () => {
    await using edge = await startScriptedEdge(halfScript);
    const { exitCode, stdout } = await runParley(args(edge.url, '--timeout', '0.3'), 'one\n');
    expect(stdout).toEqual(['es\tx']);
    expect(exitCode).toBe(1);
  });

  it('prints whole messages with --json', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { stdout } = await runParley(args(edge.url, '--json'), 'one\n');
    expect(stdout.map((line) => JSON.parse(line) as ServerMessage)).toMatchObject([
      { type: 'translation.final', segmentId: 1, targetLanguage: 'es', text: '[es] one', offset: 103 },
      { type: 'translation.final', segmentId: 1, targetLanguage: 'ca', text: '[ca] one', offset: 106 },
    ]);
  });

  it('reports a failed translation, goes on, and exits with 1', async () => {
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      if (message.type !== 'transcript.final' || message.segmentId !== 1) {
        script(message, peer);
        return;
      }
      const failure = { segmentId: 1, code: 'engine-timeout', message: 'the engine took too long' } as const;
      peer.send({ type: 'transcript.accepted', segmentId: 1 });
      peer.send({ type: 'translation.failed', ...failure, targetLanguage: 'es', offset: 101 });
      peer.send({ type: 'translation.failed', ...failure, targetLanguage: 'ca', offset: 102 });
    });
    const { exitCode, stdout, stderr } = await runParley(args(edge.url), 'one\ntwo\n');
    expect(stdout).toEqual(['es\t[es] two', 'ca\t[ca] two']);
    expect(stderr).toContain('parley: line 1 into es: the engine took too long');
    expect(exitCode).toBe(1);
  });

  it('exits with 1 when the connection is lost, although the input stays open', async () => {
    await using edge = await startScriptedEdge((message, { send, socket }) => {
      if (message.type === 'session.start') send(started);
      else socket.close(closeCodes.goingAway, 'going away');
    });
    await using parley = startParley(args(edge.url));
    parley.child.stdin.write('one\n');
    expect(await parley.ended).toMatchObject({
      exitCode: 1,
      stderr: 'parley: the connection was closed with 1012: going away\n',
    });
  });

  it('reads the key from PARLEY_API_KEY', async () => {
    const keys: unknown[] = [];
    await using edge = await startScriptedEdge(markedScript(), ({ headers }) => {
      keys.push(headers.authorization);
      return { status: 401, body: 'this key is not known' };
    });
    const { exitCode, stderr } = await runParley(args(edge.url), '', { PARLEY_API_KEY: 'a-secret' });
    expect(keys).toEqual(['Bearer a-secret']);
    expect(stderr).toBe('parley: the server refused the connection with HTTP 401: this key is not known\n');
    expect(exitCode).toBe(1);
  });

  it('says how to give a key if the server needs one', async () => {
    const body = 'an API key is required: "Authorization: Bearer KEY"';
    await using edge = await startScriptedEdge(markedScript(), () => ({ status: 401, body }));
    const { stderr } = await runParley(args(edge.url), '');
    expect(stderr).toMatch(/"Authorization: Bearer KEY"; give it with --key or PARLEY_API_KEY\n$/);
  });

  it('exits with 130 on SIGINT', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using parley = startParley(args(edge.url));
    parley.child.stdin.write('one\n');
    await parley.nextLine();
    parley.child.kill('SIGINT');
    expect((await parley.ended).exitCode).toBe(130);
  });

  it.each([
    ['is too long', 'x'.repeat(10_001), 'text-too-long: the text has 10001 characters; 10000 are allowed'],
    ['exceeds the buffer limit', 'x'.repeat(3_000_000), 'text-too-long: the text has 3000000 characters'],
    [
      'exceeds the frame limit',
      `x${'\u0001'.repeat(9999)}`,
      'frame-too-large: the text needs a frame of 60297 bytes; 50000 are allowed',
    ],
  ])('I14: reports a line that %s, does not send it, goes on, and exits with 1', async (_what, text, reason) => {
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      const limits = { ...started.limits, maxFrameBytes: 50_000 };
      if (message.type === 'session.start') script(message, { ...peer, send: () => undefined });
      if (message.type === 'session.start') peer.send({ ...started, limits });
      else script(message, peer);
    });
    const { exitCode, stdout, stderr } = await runParley(args(edge.url), `one\n\n${text}\nfour`);
    expect(stdout).toEqual(['es\t[es] one', 'ca\t[ca] one', 'es\t[es] four', 'ca\t[ca] four']);
    expect(stderr).toContain(`parley: line 3 was not translated: ${reason}`);
    expect(stderr).toContain('parley: 1 line was refused\n');
    expect(exitCode).toBe(1);
    expect(edge.received.flatMap((message) => ('segmentId' in message ? [message.segmentId] : []))).toEqual([1, 4]);
  });

  it('I14: reports lines that the server refuses, and goes on', async () => {
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      if (message.type !== 'transcript.final' || !message.text.startsWith('bad')) {
        script(message, peer);
        return;
      }
      const causedBy = message.id;
      peer.send({ type: 'error', code: 'segment-too-old', message: 'too old', retryable: false, causedBy });
    });
    const { exitCode, stdout, stderr } = await runParley(args(edge.url, '--json'), 'bad\nbad\ngood\n');
    expect(stdout.map((line) => JSON.parse(line) as ServerMessage)).toMatchObject([
      { segmentId: 3, targetLanguage: 'es' },
      { segmentId: 3, targetLanguage: 'ca' },
    ]);
    expect(stderr).toContain('parley: line 2 was not translated: segment-too-old: too old\n');
    expect(stderr).toContain('parley: 2 lines were refused\n');
    expect(exitCode).toBe(1);
  });

  it('retries a line that the server could not accept, before later lines', async () => {
    const script = markedScript();
    const refusals = new Map<number, number>();
    await using edge = await startScriptedEdge((message, peer) => {
      const refused = message.type === 'transcript.final' ? (refusals.get(message.segmentId) ?? 0) : 2;
      if (message.type !== 'transcript.final' || refused >= 2) {
        script(message, peer);
        return;
      }
      refusals.set(message.segmentId, refused + 1);
      const causedBy = message.id;
      peer.send({ type: 'error', code: 'too-many-frames', message: 'slowly', retryable: true, causedBy });
    });
    const { exitCode, stdout } = await runParley(args(edge.url), 'one\ntwo\n');
    expect(stdout).toEqual(['es\t[es] one', 'ca\t[ca] one', 'es\t[es] two', 'ca\t[ca] two']);
    expect(exitCode).toBe(0);
  });

  it.each([
    [{ causedBy: '2', retryable: false, code: 'session-unknown' }, 'session-unknown: it is gone'],
    [{ retryable: false, code: 'session-unknown' }, 'session-unknown: it is gone'],
    [{ causedBy: '2', retryable: true, code: 'temporarily-unavailable' }, 'temporarily-unavailable: it is gone'],
  ] as const)('exits with a clear error if no line can be accepted any more: %j', async (error, expected) => {
    await using edge = await startScriptedEdge((message, { send }) => {
      if (message.type === 'session.start') send(started);
      // Errors about a message repeat its `id`.
      const about = 'causedBy' in error ? { causedBy: message.id } : {};
      if (message.type === 'transcript.final') send({ type: 'error', message: 'it is gone', ...error, ...about });
    });
    const { exitCode, stderr } = await runParley(args(edge.url, '--timeout', '1'), 'one\ntwo\n');
    expect(stderr).toBe(`parley: ${expected}\n`);
    expect(exitCode).toBe(1);
  });

  it('exits with a clear error if the session is refused', async () => {
    await using edge = await startScriptedEdge(({ id }, { send }) => {
      const message = 'the engine does not translate from en to xx';
      send({ type: 'error', code: 'language-unsupported', message, retryable: false, ...(id ? { causedBy: id } : {}) });
    });
    const { exitCode, stdout, stderr } = await runParley(args(edge.url), 'one\n');
    expect([exitCode, stdout]).toEqual([1, []]);
    expect(stderr).toBe('parley: language-unsupported: the engine does not translate from en to xx\n');
  });

  it('accepts all line ends, and skips lines without visible characters', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { exitCode, stdout } = await runParley(args(edge.url), '\ufeffone\r\n\u200b\u00ad\n\t\ntw\u2028o\r\nthree\r');
    expect(stdout.filter((line) => line.startsWith('es'))).toEqual(['es\t[es] one', 'es\t[es] tw o', 'es\t[es] three']);
    expect(exitCode).toBe(0);
    expect(edge.received.flatMap((message) => ('segmentId' in message ? [message.segmentId] : []))).toEqual([1, 4, 5]);
  });

  it.each(['stdout', 'stderr'] as const)('exits silently when its %s is closed', async (name) => {
    const script = markedScript();
    await using edge = await startScriptedEdge((message, peer) => {
      if (message.type !== 'transcript.final' || name === 'stdout') script(message, peer);
      else
        peer.send({
          type: 'error',
          code: 'segment-too-old',
          message: '',
          retryable: false,
          ...(message.id ? { causedBy: message.id } : {}),
        });
    });
    await using parley = startParley(args(edge.url));
    parley.child[name].destroy();
    parley.child.stdin.write('one\ntwo\n'.repeat(50));
    expect((await parley.ended).exitCode).toBe(141);
  });
});
