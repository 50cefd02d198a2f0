import { describe, expect, it } from '@jest/globals';
import {
  markedScript,
  started,
  startScriptedEdge,
  type Script,
} from '../../../../packages/client/test/scripted-edge.ts';
import { runParley } from '../run-parley.ts';
import { TemporaryFolder } from '../temporary-folder.ts';

const talk = [
  '1\n00:00:01,000 --> 00:00:03,000\n<i>When I opened\nthe door,</i>\n',
  '2\n00:00:03,000 --> 00:00:05,000\n{\\an8}nobody was there.\n',
  '3\n00:00:09,000 --> 00:00:10,000\n- Who?\n- Nobody.\n',
].join('\n');

/** Edge whose translation of a sentence into German fails. */
function failingScript(): Script {
  const script = markedScript();
  return (message, peer) => {
    script(message, {
      ...peer,
      send: (reply) => {
        if (reply.type === 'translation.final' && reply.targetLanguage === 'de' && reply.text.includes('Who?')) {
          const { segmentId, targetLanguage, offset } = reply;
          const failure = { code: 'engine-timeout', message: 'the engine took too long' } as const;
          peer.send({ type: 'translation.failed', segmentId, targetLanguage, offset, ...failure });
        } else peer.send(reply);
      },
    });
  };
}

describe('parley translate FILE', () => {
  it('translates whole sentences, and keeps times, positions and tags', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge(markedScript());
    const input = folder.write('talk.srt', `\ufeff${talk.replaceAll('\n', '\r\n')}`);
    const output = folder.file('out.srt');
    const args = ['translate', input, '--from', 'en', '--to', 'es', '-o', output, '--url', edge.url];
    expect(await runParley(args)).toEqual({ exitCode: 0, stdout: [output], stderr: '' });
    expect(folder.read('out.srt')).toBe(
      [
        '1\n00:00:01,000 --> 00:00:03,000\n<i>[es] When I opened the door,</i>\n',
        '2\n00:00:03,000 --> 00:00:05,000\n{\\an8}nobody was there.\n',
        '3\n00:00:09,000 --> 00:00:10,000\n- [es] Who?\n- [es] Nobody.\n',
      ].join('\n'),
    );
    expect(edge.received).toMatchObject([
      { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'], class: 'bulk' },
      { type: 'transcript.final', text: 'When I opened the door, nobody was there.' },
      { type: 'transcript.final', text: 'Who?' },
      { type: 'transcript.final', text: 'Nobody.' },
      { type: 'session.end' },
    ]);
  });

  it('writes a file for each language, named after the input, whose name tells its language', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge(markedScript());
    const input = folder.write('talk.fr.srt', talk);
    const { exitCode, stdout } = await runParley(['translate', input, '--to', 'es,ca', '--url', edge.url]);
    expect([exitCode, stdout]).toEqual([0, [folder.file('talk.es.srt'), folder.file('talk.ca.srt')]]);
    expect(folder.read('talk.ca.srt')).toContain('[ca] Nobody.');
    expect(edge.received[0]).toMatchObject({ sourceLanguage: 'fr', targetLanguages: ['es', 'ca'] });
  });

  it('converts between WebVTT and SubRip, and replaces the language in the header', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge(markedScript());
    const vtt = 'WEBVTT\nLanguage: en\n\nintro\n00:01.000 --> 00:02.000 line:0\n<v Ann>R&amp;D.\n';
    const input = folder.write('talk.vtt', vtt);
    const args = ['translate', input, '--to', 'es', '--url', edge.url];
    expect((await runParley([...args, '-o', folder.file('out.srt')])).exitCode).toBe(0);
    expect((await runParley(args)).exitCode).toBe(0);
    expect(folder.read('out.srt')).toBe('1\n00:00:01,000 --> 00:00:02,000\n[es] R&D.\n');
    expect(folder.read('talk.es.vtt')).toBe(
      'WEBVTT\nLanguage: es\n\nintro\n00:00:01.000 --> 00:00:02.000 line:0\n<v Ann>[es] R&amp;D.\n',
    );
  });

  it('leaves out what can not be translated, reports it by its time, and exits with 1', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge(failingScript());
    const input = folder.write('talk.en.srt', talk);
    const args = ['translate', input, '--to', 'de,es', '--url', edge.url];
    const { exitCode, stderr } = await runParley(args);
    expect(stderr).toBe(
      'parley: the subtitle at 00:00:09 into de: the engine took too long\nparley: 1 translation is missing in the written files\n',
    );
    expect(exitCode).toBe(1);
    expect(folder.read('talk.de.srt')).toContain('00:00:10,000\n- [de] Nobody');
    expect(folder.read('talk.de.srt')).not.toContain('Who?');
    expect(folder.read('talk.es.srt')).toContain('- [es] Who?');
  });

  it('limits the outstanding sentences, and writes nothing if it can not finish', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge((message, { send }) => {
      if (message.type === 'session.start') send(started);
      if (message.type === 'transcript.final') send({ type: 'transcript.accepted', segmentId: message.segmentId });
    });
    const cues = Array.from({ length: 100 }, () => '00:00:01,000 --> 00:00:02,000\nAgain.\n\n').join('');
    const input = folder.write('talk.en.srt', cues);
    const args = ['translate', input, '--to', 'es', '--timeout', '0.5', '--url', edge.url];
    const { exitCode, stdout, stderr } = await runParley(args);
    expect(edge.received.filter(({ type }) => type === 'transcript.final')).toHaveLength(32);
    expect([exitCode, stdout, stderr]).toEqual([1, [], 'parley: no translation within 500 ms\n']);
    expect(() => folder.read('talk.es.srt')).toThrow('ENOENT');
  });

  it('names the option that is missing if the engine can not detect the language', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge(({ id }, { send }) => {
      const refusal = { code: 'language-unsupported', message: 'und is not supported', retryable: false } as const;
      send({ type: 'error', ...refusal, ...(id === undefined ? {} : { causedBy: id }) });
    });
    const input = folder.write('talk.srt', talk);
    const { exitCode, stderr } = await runParley(['translate', input, '--to', 'es', '--url', edge.url]);
    expect(stderr).toBe(`parley: the engine does not detect languages; name that of ${input} with --from\n`);
    expect(exitCode).toBe(1);
  });

  it.each<[string, string | Uint8Array, string[], string]>([
    [
      'talk.srt',
      '1\n00:00:99 --> 00:00:02\nx',
      [],
      'line 2: "00:00:99 --> 00:00:02" can\'t be read as the times of a cue',
    ],
    ['talk.srt', Uint8Array.of(0x31, 0xe9, 0x31), [], 'it is not UTF-8 text'],
    ['talk.srt', talk, ['-o', 'out.txt'], 'the name of the output must end with .srt or .vtt: out.txt'],
    ['talk.srt', talk, ['--json'], "option '--json' is for standard input"],
    ['talk.es.srt', talk, ['--from', 'en', '--to', 'ca', '-o', 'SELF'], 'the output would overwrite the input'],
  ])('rejects %s with %j and %j as wrong usage', async (name, content, more, problem) => {
    using folder = new TemporaryFolder();
    const input = folder.write(name, content);
    const args = more.map((arg) => (arg === 'SELF' ? input : arg));
    const { exitCode, stderr } = await runParley([
      'translate',
      input,
      '--to',
      'es',
      ...args,
      '--url',
      'ws://127.0.0.1:1',
    ]);
    expect(stderr).toContain(problem);
    expect(exitCode).toBe(2);
  });

  it('does not overwrite a file that was not named, nor translates for a folder that does not exist', async () => {
    using folder = new TemporaryFolder();
    const input = folder.write('talk.srt', talk);
    folder.write('talk.es.srt', 'corrected by hand');
    const args = ['translate', input, '--from', 'en', '--to', 'es', '--url', 'ws://127.0.0.1:1'];
    const { exitCode, stderr } = await runParley(args);
    expect(stderr).toBe(`parley: ${folder.file('talk.es.srt')} exists; name it with --output to overwrite it\n`);
    expect(exitCode).toBe(2);
    const elsewhere = await runParley([...args, '-o', folder.file('nowhere/x.srt')]);
    expect(elsewhere.exitCode).toBe(1);
    expect(elsewhere.stderr).toContain("can't write");
  });

  it('reads UTF-16', async () => {
    using folder = new TemporaryFolder();
    await using edge = await startScriptedEdge(markedScript());
    const input = folder.write('talk.en.srt', Buffer.from(`\ufeff${talk}`, 'utf16le'));
    const { exitCode } = await runParley(['translate', input, '--to', 'es', '--url', edge.url]);
    expect(exitCode).toBe(0);
    expect(folder.read('talk.es.srt')).toContain('[es] Nobody.');
  });
});
