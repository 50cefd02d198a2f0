import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import {
  ended,
  markedScript,
  startScriptedEdge,
  type ScriptedEdge,
} from '../../../packages/client/test/scripted-edge.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
const examples = Array.from(page.matchAll(/```sh\n([^]*?)```/g), ([, commands = '']) => commands.trim());
const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url));

const srt = '1\n00:00:01,000 --> 00:00:02,000\nGood morning everyone.\n';
const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning everyone.\n';

/** What a listener gets. */
const talk: readonly ServerMessage[] = [
  { type: 'session.joined', sessionId: 's1', sourceLanguage: 'en', offset: 1, recovered: true },
  { type: 'transcript.final', segmentId: 1, text: 'Good morning.', language: 'en', offset: 2 },
  ended,
];

/** Runs commands of the page in a shell whose `npx` knows `parley` only. */
async function runExample(commands: string, folder: TemporaryFolder, url: string): Promise<string> {
  mkdirSync(folder.file('bin'));
  writeFileSync(
    folder.file('bin/npx'),
    `#!/bin/sh\n[ "$1" = parley ] && shift && exec "${process.execPath}" "${bin}" "$@"\n`,
  );
  chmodSync(folder.file('bin/npx'), 0o755);
  const environment = { PATH: `${folder.file('bin')}:${process.env.PATH ?? ''}`, PARLEY_URL: url };
  const shell = spawn('sh', ['-euc', commands], {
    cwd: folder.path,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [exitCode] = (await once(shell, 'close')) as [number];
  if (exitCode !== 0) throw new Error(`${commands} exited with ${exitCode}: ${output}`);
  return output;
}

describe('docs/cli.md', () => {
  let edge: ScriptedEdge;
  beforeAll(async () => {
    const speak = markedScript();
    edge = await startScriptedEdge((message, peer) => {
      if (message.type === 'session.join') for (const reply of talk) peer.send(reply);
      else speak(message, peer);
    });
  });
  afterAll(async () => {
    await edge[Symbol.asyncDispose]();
  });

  it.each([
    ['-o talk.es.srt', 'talk.es.srt\n'],
    ['talk.en.srt', 'talk.es.srt\ntalk.ca.srt\n'],
    ['talk.vtt', 'talk.es.srt\n'],
    ['printf', 'es\t[es] Good morning everyone.\nca\t[ca] Good morning everyone.\n'],
    ['listen', 'en\tGood morning.\n'],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('runs the example with %s', async (part, expected) => {
    const example = examples.find((commands) => commands.includes(part)) ?? '';
    using folder = new TemporaryFolder();
    folder.write('talk.srt', srt);
    folder.write('talk.en.srt', srt);
    folder.write('talk.vtt', vtt);
    expect(await runExample(example, folder, edge.url)).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    );
  });

  it('has no other example, but for one that opens the machine to its network', () => {
    expect(examples.filter((commands) => commands !== 'npx parley up --lan')).toHaveLength(6);
  });
});
