import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ParleyStart, type Run } from './harness/parley-start.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const npx = (...parameters: string[]): readonly string[] => ['npx', 'parley', ...parameters];
const screenTimeoutMs = 60_000;

async function output(command: readonly string[], input = ''): Promise<string> {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return text;
}

function streamUrlOf(run: Run): string {
  const edge = run.processes.find(({ name }) => name === 'edge');
  return `ws://${new URL(edge?.url ?? '').host}`;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start', () => {
  it(
    'runs everything on real parts: sentences come back translated, and nothing is left after a Ctrl-C',
    async () => {
      await using start = new ParleyStart('npm start', {});
      const run = await start.running();
      const url = streamUrlOf(run);
      const sentence = 'Good morning everyone.\n';
      const translated = await output(npx('translate', '--from', 'en', '--to', 'es,ca', '--url', url), sentence);
      expect(translated).toMatch(/Buenos días/);
      expect(translated).toMatch(/Bon dia/);
      process.kill(-(start.process.pid ?? 0), 'SIGINT');
      await start.exited;
      for (const { pid } of run.processes) expect(isThere(pid)).toBe(false);
      expect(isThere(run.pid)).toBe(false);
    },
    2 * screenTimeoutMs,
  );

  it(
    'ends with 0 at SIGTERM, and works without a worker process and without Apertium',
    async () => {
      await using start = new ParleyStart('npm start', { WORKERS: 'inline', ENGINE_TRANSLATIONS: 'marked' });
      const run = await start.running();
      expect(start.text).toContain('SIMULATED');
      const translated = await output(
        npx('translate', '--from', 'en', '--to', 'es', '--url', streamUrlOf(run)),
        'Hello.\n',
      );
      expect(translated).toContain('[es] ');
      start.process.kill('SIGTERM');
      expect(await start.exited).toBe(0);
      for (const { pid } of run.processes) expect(isThere(pid)).toBe(false);
    },
    2 * screenTimeoutMs,
  );

  it(
    'says that the engine which it is given does not answer',
    async () => {
      // The engine profile of another start must not be used.
      await using before = new ParleyStart('npm start', { ENGINE_TRANSLATIONS: 'marked' });
      await before.running();
      before.process.kill('SIGTERM');
      await before.exited;
      await using start = new ParleyStart('npm start', { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' });
      await start.running();
      expect(start.text).toMatch(/Engine +gpt-4\.1-mini at 127\.0\.0\.1:1: DOES NOT RESPOND/);
    },
    3 * screenTimeoutMs,
  );
});
