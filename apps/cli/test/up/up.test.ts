import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allGone, stateFolder, UpProcess } from './up-process.ts';

const order = ['edge', 'worker', 'dashboard', 'engine', 'cache', 'redis'];
const stops = order.slice(0, 4).map((name) => `stop ${name}`);

describe('parley up', () => {
  it('starts everything, says where it runs, and stops it in order at SIGTERM', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.line('Stop it with Ctrl-C');
    const running = up.running();
    expect(running.map(({ name }) => name).sort()).toEqual([...order].sort());
    expect(up.events().at(-1)).toBe('start edge');
    const environment: unknown = await (await fetch(new URL('/env', up.find('worker').url))).json();
    expect(environment).toMatchObject({
      REDIS_URL: up.find('redis').url,
      CACHE_REDIS_URL: up.find('cache').url,
      OPENAI_BASE_URL: new URL('/v1', up.find('engine').url).href,
      MALLOC_ARENA_MAX: '2',
      execArgv: expect.arrayContaining(['--max-semi-space-size=4']),
    });
    const screen = up.lines.join('\n');
    expect(screen).toContain(`--url ws://127.0.0.1:${new URL(up.find('edge').url).port}/v1/stream`);
    expect(screen).toContain('SIMULATED');
    up.process.kill('SIGTERM');
    expect(await up.exited).toBe(0);
    await allGone(running);
    expect(up.events().slice(-4)).toEqual(stops);
    expect(up.runFiles()).toEqual([]);
    expect(readFileSync(join(folder.path, 'up', '1', 'logs', 'edge.log'), 'utf8')).toContain('"msg":"ready"');
  });

  it('takes a Ctrl-C, which reaches its whole process group, for one request to stop', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.line('Stop it with Ctrl-C');
    const running = up.running();
    process.kill(-(up.process.pid ?? 0), 'SIGINT');
    // npm passes on what the terminal has sent already.
    up.process.kill('SIGINT');
    expect(await up.exited).toBe(0);
    await allGone(running);
    expect(up.events().slice(-4)).toEqual(stops);
  });

  it('kills what does not stop in time', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { STAND_IN_WORKER: 'deaf' });
    await up.line('Stop it with Ctrl-C');
    const running = up.running();
    up.process.kill('SIGTERM');
    expect(await up.exited).toBe(0);
    await allGone(running);
    expect(up.events()).toContain('stop engine');
  });

  it('kills everything at a second Ctrl-C', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { STAND_IN_EDGE: 'deaf', SHUTDOWN_TIMEOUT_MS: '60000' });
    await up.line('Stop it with Ctrl-C');
    const running = up.running();
    up.process.kill('SIGINT');
    await up.line('Stopping');
    // What comes within a second counts as the same key press.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    up.process.kill('SIGINT');
    expect(await up.exited).toBe(130);
    await allGone(running);
  });

  it('starts a process that ended by itself again, on the same port', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.line('Stop it with Ctrl-C');
    const before = up.find('edge');
    await fetch(new URL('/exit', before.url)).catch(() => 'cut');
    await up.line('edge ended by itself (status 9)');
    while (up.find('edge').pid === before.pid) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(up.find('edge').url).toBe(before.url);
  });

  it('stops everything and shows the last lines where a process can not be started', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { STAND_IN_WORKER: 'broken' });
    expect(await up.exited).toBe(1);
    expect(up.lines.join('\n')).toMatch(/worker ended with status 3 before it was ready\n {2}worker has a defect/);
    expect(up.events()).toContain('stop engine');
  });

  it('leaves nothing behind when it is killed itself', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.line('Stop it with Ctrl-C');
    const running = up.running();
    up.process.kill('SIGKILL');
    await allGone(running);
    expect(up.events()).toContain('stop edge');
  });

  it('shares a clone with another one', async () => {
    using folder = stateFolder();
    await using first = new UpProcess(folder.path);
    await using second = new UpProcess(folder.path);
    await Promise.all([first.line('Stop it with Ctrl-C'), second.line('Stop it with Ctrl-C')]);
    const pids = [...first.running(), ...second.running()].map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(12);
    first.process.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect((await fetch(second.find('edge').url)).ok).toBe(true);
  });

  it('needs no worker process with WORKERS=inline', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { WORKERS: 'inline' });
    await up.line('Stop it with Ctrl-C');
    expect(up.running().map(({ name }) => name)).not.toContain('worker');
  });

  it('needs no Redis for a cache where nothing is kept and no call is shared', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { CACHE: 'off', SINGLEFLIGHT: 'off' });
    await up.line('Stop it with Ctrl-C');
    expect(up.running().map(({ name }) => name)).not.toContain('cache');
  });

  it('keeps its cache in the Redis that it is given, and says so where that does not answer', async () => {
    using folder = stateFolder();
    await using first = new UpProcess(folder.path);
    await first.line('Stop it with Ctrl-C');
    const { url } = first.find('redis');
    await using second = new UpProcess(folder.path, { REDIS_URL: url });
    await second.line('Stop it with Ctrl-C');
    expect(second.running().map(({ name }) => name)).not.toContain('cache');
    const environment: unknown = await (await fetch(new URL('/env', second.find('worker').url))).json();
    expect(environment).toMatchObject({ REDIS_URL: url, CACHE_REDIS_URL: url });
    await using third = new UpProcess(folder.path, { CACHE_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await third.exited).toBe(1);
    expect(third.lines.join('\n')).toMatch(/the Redis of CACHE_REDIS_URL, 127\.0\.0\.1:1, can't be used/);
  });

  it('says so where the port that was asked for is taken', async () => {
    using folder = stateFolder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await using up = new UpProcess(folder.path, { PORT: String(port) });
    expect(await up.exited).toBe(1);
    other.close();
    expect(up.lines.join('\n')).toContain(`PORT=${port} is taken by another process`);
    expect(up.events()).toEqual([]);
  });

  it('says at once that the Redis of REDIS_URL does not answer, without its password', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(await up.exited).toBe(1);
    expect(up.lines.join('\n')).toMatch(/the Redis of REDIS_URL, 127\.0\.0\.1:1, can't be used: .*ECONNREFUSED/);
    expect(up.lines.join('\n')).not.toContain('secret');
    expect(up.events()).toEqual([]);
  });
});
