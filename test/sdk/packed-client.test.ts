import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLiveSession } from '@parley/client';
import { startStack, type TestStack } from '../harness/index.ts';
import { installPackedClient, readmeExamples, type Project } from './packed-client.ts';

const apiKey = 'a-key-of-this-test-alone';
const maxGzippedBytes = 15_000;
const compiler = resolve(import.meta.dirname, '../../node_modules/native-typescript/bin/tsc');

describe('the packed client', () => {
  let stack: TestStack;
  let project: Project;
  beforeAll(async () => {
    project = await installPackedClient();
    stack = await startStack({ env: { API_KEYS: `tenant:${apiKey}` } });
  }, 240_000);
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  const examples = (joinCode = '') => readmeExamples({ url: stack.streamUrl(0), apiKey, joinCode });
  const packageFolder = (): string => join(project.folder, 'node_modules/@parley/client');

  it('contains ES modules and declarations, and depends on ws alone', async () => {
    const files = await readdir(packageFolder(), { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map(({ name }) => name);
    expect(names.sort()).toEqual(['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'index.js', 'package.json']);
    const manifest = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ name: '@parley/client', type: 'module', dependencies: { ws: '8.23.0' } });
    expect(manifest).not.toHaveProperty('private');
    const declarations = await readFile(join(packageFolder(), 'index.d.ts'), 'utf8');
    expect(declarations).not.toMatch(/\bfrom ["']|\bimport\(/);
  });

  it('weighs less than 15 kB in a browser, and imports nothing there', async () => {
    const code = await readFile(join(packageFolder(), 'browser/index.js'), 'utf8');
    const bytes = gzipSync(code, { level: 9 }).length;
    process.stderr.write(`the browser's entry has ${bytes} bytes, gzipped\n`);
    expect(bytes).toBeLessThan(maxGzippedBytes);
    expect(code).not.toMatch(/\bimport\b|\brequire\(|\bprocess\./);
  });

  it.each([
    ['the defaults', { strict: true }],
    ['Node.js', { strict: true, module: 'nodenext', target: 'es2022', exactOptionalPropertyTypes: true }],
    [
      'a bundler',
      { strict: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2020', lib: ['es2020', 'dom'] },
    ],
  ])('compiles in a strict program without further settings: %s', async (name, options) => {
    const example = await examples();
    const code = ['Speak', 'Listen', 'In a browser'].flatMap(example);
    expect(code).toHaveLength(4);
    const folder = name.replaceAll(/\W/g, '-');
    const files = code.map((_text, index) => `${folder}-${index}.ts`);
    for (const [index, text] of code.entries()) {
      // These libraries are older than top-level await.
      await project.write(files[index] ?? '', name === 'a bundler' ? wrapped(text) : text);
    }
    const compilerOptions = { types: [], ...options, skipLibCheck: false, noEmit: true };
    await project.write(`${folder}.json`, JSON.stringify({ compilerOptions, files }));
    await expect(project.run('node', compiler, '-p', `${folder}.json`)).resolves.toBe('');
  });

  it('runs the example of a speaker', async () => {
    const [code = ''] = (await examples())('Speak');
    await project.write('speaker.js', code);
    const output = await project.run('node', 'speaker.js');
    expect(output).toMatch(/Listeners join with the code \w{10,}\./);
    expect(output).toContain('es: ');
    expect(output).toContain('ca: ');
  });

  it('runs the example of a page that gets tokens from its server', async () => {
    const url = stack.streamUrl(0);
    const reply = await fetch(new URL('/v1/tokens', url.replace(/^ws/, 'http')), {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scope: 'speak', expiresInSeconds: 60 }),
    });
    const { token } = (await reply.json()) as { token: string };
    const [code = ''] = (await examples())('Keys and tokens');
    expect(code).toContain("fetch('/caption-token', { method: 'POST', signal })");
    const server = `globalThis.fetch = async () => new Response('${token}');\n`;
    await project.write(
      'tokens.js',
      `import { startLiveSession } from '@parley/client';\n${server}${code}\nawait session.end();\nconsole.log('spoke');`,
    );
    await expect(project.run('node', 'tokens.js')).resolves.toBe('spoke\n');
  });

  it('runs the examples of listeners until the speaker ends', async () => {
    const languages = { sourceLanguage: 'en', targetLanguages: ['es'] };
    await using speaker = await startLiveSession({ urls: [stack.streamUrl(0)], apiKey, ...languages });
    const [screen = '', iterator = ''] = (await examples(speaker.started.joinCode))('Listen');
    await project.write('screen.js', screen);
    await project.write('iterator.js', iterator);
    const translated = new Promise<string>((resolve) => speaker.on('translation.final', ({ text }) => resolve(text)));
    await speaker.sendFinal({ segmentId: 1, text: 'Good morning everyone.' });
    const text = await translated;
    const listeners = [project.start('screen.js'), project.start('iterator.js')];
    await Promise.all(listeners.map((listener) => listener.printed(text)));
    await speaker.end();
    const [shown, read] = await Promise.all(listeners.map(({ ended }) => ended));
    expect(shown).toContain(text);
    expect(shown).toContain('The talk is over.');
    expect(read?.trim()).toBe(text);
  });

  it('runs the example of a correction', async () => {
    const languages = { sourceLanguage: 'en', targetLanguages: ['es'] };
    await using speaker = await startLiveSession({ urls: [stack.streamUrl(0)], apiKey, ...languages });
    await speaker.sendFinal({ segmentId: 1, text: 'Good morning everyone.' });
    const corrected = new Promise<string>((resolve) => speaker.on('transcript.corrected', ({ text }) => resolve(text)));
    const [code = ''] = (await examples())('Correct');
    await project.write('correct.js', code.replace('SESSION_ID', speaker.started.sessionId));
    await project.run('node', 'correct.js');
    await expect(corrected).resolves.toBe('Good evening everyone.');
  });

  it('throws a refusal with its status at once', async () => {
    const code = `
      import { startLiveSession } from '@parley/client';
      const options = { urls: ['${stack.streamUrl(0)}'], sourceLanguage: 'en', targetLanguages: ['es'] };
      await startLiveSession({ ...options, apiKey: 'wrong' }).catch(({ name, status }) => console.log(name, status));
    `;
    await project.write('refused.js', code);
    await expect(project.run('node', 'refused.js')).resolves.toBe('ConnectionRefusedError 401\n');
  });
});

function wrapped(code: string): string {
  const imports = /^import .*;\n/gm;
  return `${(code.match(imports) ?? []).join('')}export async function main() {\n${code.replaceAll(imports, '')}}\n`;
}
