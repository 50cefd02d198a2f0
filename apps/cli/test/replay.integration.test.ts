import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { connect } from '@parley/client';
import { terminalView } from '../src/captions/replay-views.ts';
import { VirtualTerminal } from './virtual-terminal.ts';
import { markedScript, startScriptedEdge, type Script } from '../../../packages/client/test/scripted-edge.ts';
import { runParley, startParley } from './run-parley.ts';

const trace = fileURLToPath(new URL('../../../test/fixtures/asr-traces/meeting.jsonl', import.meta.url));
const args = (url: string, ...more: string[]): string[] => [
  'replay',
  trace,
  '--to',
  'es',
  '--speed',
  '500',
  '--url',
  url,
  ...more,
];

/** A correct edge whose messages `change` replaces. */
function changedScript(change: (message: ServerMessage) => ServerMessage[]): Script {
  const script = markedScript();
  return (message, peer) => {
    script(message, {
      ...peer,
      send: (answer) => {
        for (const changed of change(answer)) peer.send(changed);
      },
    });
  };
}

/** A correct edge that accepts one text per segment, as a real one does. */
function settlingScript(): Script {
  const script = markedScript();
  const settled = new Map<number, string>();
  return (message, peer) => {
    const { segmentId, text } = message.type === 'transcript.final' ? message : { segmentId: -1, text: '' };
    const known = settled.get(segmentId);
    if (message.type === 'transcript.final') settled.set(segmentId, known ?? text);
    if (message.type === 'transcript.partial' && settled.has(message.segmentId)) return;
    if (known === undefined) script(message, peer);
    else if (known === text) peer.send({ type: 'transcript.accepted', segmentId });
    else {
      const causedBy = message.id ?? '';
      peer.send({ type: 'error', code: 'segment-settled', message: 'another text', retryable: false, causedBy });
    }
  };
}

describe('parley replay', () => {
  it('plays the whole trace, prints the finals, and prints a summary on standard error', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { exitCode, stdout, stderr } = await runParley(args(edge.url));
    expect(stdout).toHaveLength(15);
    expect(stdout[0]).toBe('es\t[es] good morning everyone and welcome to the project meeting');
    expect(stderr).toBe(
      'parley: the join code is J\n' +
        '15 finals sent, 15 translations received, 0 failed; 350 partials sent, 350 shown; nothing lost, duplicated or out of order\n',
    );
    expect(exitCode).toBe(0);
  });

  it('shows the join code on a terminal', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using client = await connect({ url: edge.url });
    const terminal = new VirtualTerminal(80);
    using view = terminalView(client, 'en', ['es'], terminal.stream);
    await client.startSession({ sourceLanguage: 'en', targetLanguages: ['es'] });
    view.onTranscript({ t: 0, segment: 1, final: false, text: 'good morning' });
    terminal.draw();
    expect(terminal.rowOf('(the join code is J)')).toBeGreaterThanOrEqual(0);
  });

  it('starts the session in a room', async () => {
    const started = (message: ServerMessage): ServerMessage[] => [
      message.type === 'session.started' ? { ...message, joinCodeClosed: true } : message,
    ];
    await using edge = await startScriptedEdge(changedScript(started));
    const { stderr } = await runParley(args(edge.url, '--room', 'sunday'));
    expect(edge.received[0]).toMatchObject({ type: 'session.start', room: 'sunday' });
    expect(stderr).toContain('parley: the room is closed, nobody can join by its code J\n');
    expect(await runParley(args(edge.url, '--room', 'Sunday!'))).toMatchObject({ exitCode: 2 });
  });

  it('numbers the revisions of each segment from 1', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await runParley(args(edge.url));
    const revisions = new Map<number, number[]>();
    for (const message of edge.received) {
      if (message.type !== 'transcript.partial') continue;
      revisions.set(message.segmentId, [...(revisions.get(message.segmentId) ?? []), message.revision]);
    }
    expect(revisions.size).toBe(15);
    for (const numbers of revisions.values()) expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('plays in real time', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using parley = startParley(['replay', trace, '--to', 'es', '--speed', '1', '--url', edge.url]);
    // The first final is 4.09 s into the trace.
    const before = performance.now();
    await parley.nextLine();
    expect(performance.now() - before).toBeGreaterThan(4000);
    expect(edge.received.filter(({ type }) => type === 'transcript.partial').length).toBeLessThan(40);
    parley.child.kill('SIGINT');
    const { exitCode, stderr } = await parley.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('1 finals sent, 1 translations received');
  });

  it('prints every server message with --json', async () => {
    await using edge = await startScriptedEdge(markedScript());
    const { stdout } = await runParley(args(edge.url, '--json'));
    const types = stdout.map((line) => (JSON.parse(line) as ServerMessage).type);
    expect(types[0]).toBe('session.started');
    expect(types.at(-1)).toBe('session.ended');
    expect(types.filter((type) => type === 'translation.partial')).toHaveLength(350);
    expect(types.filter((type) => type === 'translation.final')).toHaveLength(15);
  });

  it.each<[string, string, (message: ServerMessage) => ServerMessage[]]>([
    [
      'a final is missing',
      'final-lost',
      (message) => (message.type === 'translation.final' && message.segmentId === 3 ? [] : [message]),
    ],
    [
      'a final is duplicated',
      'final-duplicated',
      (message) =>
        message.type === 'translation.final' && message.segmentId === 3
          ? [message, { ...message, offset: message.offset + 1 }]
          : [message],
    ],
    [
      'a final is empty',
      'wrong-text',
      (message) => [message.type === 'translation.final' ? { ...message, text: '' } : message],
    ],
    [
      'concluded text changes',
      'concluded-changed',
      (message) => [
        message.type === 'translation.partial' ? { ...message, concluded: message.tentative, tentative: '' } : message,
      ],
    ],
  ])('exits with 1 if %s', async (_what, code, change) => {
    await using edge = await startScriptedEdge(changedScript(change));
    const { exitCode, stderr } = await runParley(args(edge.url));
    expect(stderr).toContain(code);
    expect(exitCode).toBe(1);
  });

  it('exits with 1 if a translation failed', async () => {
    const change = (message: ServerMessage): ServerMessage[] => {
      if (message.type !== 'translation.final' || message.segmentId !== 3) return [message];
      const { segmentId, targetLanguage, offset } = message;
      return [
        { type: 'translation.failed', segmentId, targetLanguage, offset, code: 'engine-timeout', message: 'slow' },
      ];
    };
    await using edge = await startScriptedEdge(changedScript(change));
    const { exitCode, stderr } = await runParley(args(edge.url));
    expect(stderr).toContain('parley: segment 3 into es: slow');
    expect(exitCode).toBe(1);
  });

  /** Plays a trace of these lines at high speed. */
  const play = async (lines: readonly (object | string)[], script: Script = settlingScript()) => {
    await using edge = await startScriptedEdge(script);
    const path = join(await mkdtemp(join(tmpdir(), 'parley-replay-')), 'trace.jsonl');
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    await writeFile(path, text);
    const ended = await runParley(['replay', path, '--to', 'es', '--speed', '500', '--url', edge.url]);
    await rm(path);
    return { ...ended, messages: edge.received, received: edge.received.map(({ type }) => type) };
  };
  const final = (t: number, segment: number, text: string) => ({ t, segment, final: true, text });
  const partial = (t: number, segment: number, text: string) => ({ t, segment, final: false, text });

  it('I14: waits for the last sentence if a segment has a second final', async () => {
    const lines = [final(1, 1, 'one'), final(2, 1, 'another'), partial(3, 1, 'late'), final(4, 2, 'two')];
    const { exitCode, stdout, stderr, received } = await play(lines);
    expect(stdout).toEqual(['es\t[es] one', 'es\t[es] two']);
    expect(stderr).toContain('parley: a final of segment 1 was refused: segment-settled: another text\n');
    expect(stderr).toContain('3 finals sent, 2 translations received, 0 failed; ');
    expect(stderr).toContain('; errors: 1 x segment-settled; nothing lost, duplicated or out of order\n');
    expect(received.at(-1)).toBe('session.end');
    expect(exitCode).toBe(1);
  });

  it('passes on what the recognizer calls stable', async () => {
    const { messages } = await play([{ ...partial(1, 1, 'one two'), stable: 'one' }, final(2, 1, 'one two')]);
    const partials = messages.filter(({ type }) => type === 'transcript.partial');
    expect(partials).toMatchObject([{ text: 'one two', stable: 'one' }]);
  });

  it('I7: ignores a repeated final', async () => {
    const { exitCode, stdout } = await play([final(1, 1, 'one'), final(2, 1, 'one'), final(4, 2, 'two')]);
    expect(stdout).toEqual(['es\t[es] one', 'es\t[es] two']);
    expect(exitCode).toBe(0);
  });

  it('I14: skips lines that cannot be parsed, and counts them', async () => {
    const lines = [final(1, 1, 'one'), '{"t":2', { type: 'speech-started', t: 3 }, final(4, 2, 'two')];
    const { exitCode, stdout, stderr } = await play(lines);
    expect(stdout).toEqual(['es\t[es] one', 'es\t[es] two']);
    expect(stderr).toMatch(/lines skipped in the trace: 2, first .*trace\.jsonl:2: is not JSON\n/);
    expect(exitCode).toBe(1);
  });
});
