import { readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { waitForExits, stateFolder, UpProcess } from './up-process.ts';

const order = ['edge', 'worker', 'dashboard', 'engine', 'cache', 'redis'];
const stops = order.slice(0, 4).map((name) => `stop ${name}`);

describe('parley up', () => {
  it('starts everything, shows the addresses, and stops in order on SIGTERM', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.waitForLine('Stop it with Ctrl-C');
    const running = up.running();
    expect(running.map(({ name }) => name).sort()).toEqual([...order].sort());
    expect(up.events().at(-1)).toBe('start edge');
    const environment: unknown = await (await fetch(new URL('/env', up.find('worker').url))).json();
    expect(environment).toMatchObject({
      REDIS_URL: up.find('redis').url,
      CACHE_REDIS_URL: up.find('cache').url,
      OPENAI_BASE_URL: new URL('/v1', up.find('engine').url).href,
      MALLOC_ARENA_MAX: '2',
      MALLOC_MMAP_THRESHOLD_: '16384',
      execArgv: expect.arrayContaining(['--max-semi-space-size=8']),
    });
    const screen = up.lines.join('\n');
    expect(screen).toContain(`--url ws://127.0.0.1:${new URL(up.find('edge').url).port}/v1/stream`);
    expect(screen).toContain('SIMULATED');
    up.process.kill('SIGTERM');
    expect(await up.exited).toBe(0);
    await waitForExits(running);
    expect(up.events().slice(-4)).toEqual(stops);
    expect(up.runFiles()).toEqual([]);
    expect(readFileSync(join(folder.path, 'up', '1', 'logs', 'edge.log'), 'utf8')).toContain('"msg":"ready"');
  });

  it('treats a Ctrl-C, which reaches its whole process group, as one request to stop', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.waitForLine('Stop it with Ctrl-C');
    const running = up.running();
    process.kill(-(up.process.pid ?? 0), 'SIGINT');
    // npm forwards the signal that the terminal has already sent.
    up.process.kill('SIGINT');
    expect(await up.exited).toBe(0);
    await waitForExits(running);
    expect(up.events().slice(-4)).toEqual(stops);
  });

  it('kills a process that does not stop in time', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { FAKE_WORKER: 'unstoppable' });
    await up.waitForLine('Stop it with Ctrl-C');
    const running = up.running();
    up.process.kill('SIGTERM');
    expect(await up.exited).toBe(0);
    await waitForExits(running);
    expect(up.events()).toContain('stop engine');
  });

  it('kills everything on a second Ctrl-C', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { FAKE_EDGE: 'unstoppable', SHUTDOWN_TIMEOUT_MS: '60000' });
    await up.waitForLine('Stop it with Ctrl-C');
    const running = up.running();
    up.process.kill('SIGINT');
    await up.waitForLine('Stopping');
    // Signals within a second count as the same key press.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    up.process.kill('SIGINT');
    expect(await up.exited).toBe(130);
    await waitForExits(running);
  });

  it('restarts a process that exited unexpectedly, on the same port', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.waitForLine('Stop it with Ctrl-C');
    const before = up.find('edge');
    await fetch(new URL('/exit', before.url)).catch(() => 'cut');
    await up.waitForLine('edge exited unexpectedly (status 9)');
    const signal = AbortSignal.timeout(30_000);
    while (up.find('edge').pid === before.pid) await delay(20, undefined, { signal });
    expect(up.find('edge').url).toBe(before.url);
  });

  it('stops everything and shows the last output lines if a process can not be started', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { FAKE_WORKER: 'broken' });
    expect(await up.exited).toBe(1);
    expect(up.lines.join('\n')).toMatch(/worker ended with status 3 before it was ready\n {2}worker has a defect/);
    expect(up.events()).toContain('stop engine');
  });

  it('starts although the ports of edge and dashboard were taken for a moment, after they were found free', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { FAKE_EDGE: 'late', FAKE_DASHBOARD: 'late' });
    await up.waitForLine('Stop it with Ctrl-C');
    expect(up.events()).toEqual(
      expect.arrayContaining(['late edge', 'late dashboard', 'start edge', 'start dashboard']),
    );
  });

  it('leaves no process running when it is killed', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path);
    await up.waitForLine('Stop it with Ctrl-C');
    const running = up.running();
    up.process.kill('SIGKILL');
    await waitForExits(running);
    expect(up.events()).toContain('stop edge');
  });

  it('runs twice in the same clone', async () => {
    using folder = stateFolder();
    await using first = new UpProcess(folder.path);
    await using second = new UpProcess(folder.path);
    await Promise.all([first.waitForLine('Stop it with Ctrl-C'), second.waitForLine('Stop it with Ctrl-C')]);
    const pids = [...first.running(), ...second.running()].map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(12);
    const isSaid = (line: string): boolean => line.startsWith('Port 8790 is in use; the dashboard uses ');
    expect([...first.lines, ...second.lines].some(isSaid)).toBe(true);
    expect(first.find('dashboard').url).not.toBe(second.find('dashboard').url);
    first.process.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect((await fetch(second.find('edge').url)).ok).toBe(true);
  });

  it('--lan: makes a key for the edge only, shows it, and keeps it from start to start', async () => {
    using folder = stateFolder();
    const keys: string[] = [];
    for (let start = 0; start < 2; start++) {
      await using up = new UpProcess(folder.path, { LAN_ADDRESS: '192.168.1.5', IS_TERMINAL: '1' });
      await up.waitForLine('Stop it with Ctrl-C');
      const environmentOf = async (name: string): Promise<Record<string, string>> =>
        (await (await fetch(new URL('/env', up.find(name).url))).json()) as Record<string, string>;
      const { API_KEYS = '', HOST } = await environmentOf('edge');
      expect(API_KEYS).toMatch(/^lan:[\w-]{32}$/);
      expect(HOST).toBe('127.0.0.1');
      expect(await environmentOf('dashboard')).not.toHaveProperty('API_KEYS');
      const screen = up.lines.join('\n');
      const key = API_KEYS.slice('lan:'.length);
      const { port } = new URL(up.find('edge').url);
      expect(screen).toContain(`\nhttp://192.168.1.5:${port}/#token=token-for-${key}\n`);
      expect(screen).toContain(`API key, for programs and for more tokens: ${key}`);
      expect(screen).toContain('█');
      keys.push(API_KEYS);
    }
    expect(keys[1]).toBe(keys[0]);
    expect(statSync(join(folder.path, 'lan-key')).mode & 0o777).toBe(0o600);
  });

  it('--lan: uses the configured keys', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { LAN_ADDRESS: '192.168.1.5', API_KEYS: 'acme:0123456789abcdef' });
    await up.waitForLine('Stop it with Ctrl-C');
    const environment: unknown = await (await fetch(new URL('/env', up.find('edge').url))).json();
    expect(environment).toMatchObject({ API_KEYS: 'acme:0123456789abcdef' });
    const dashboard = (await (await fetch(new URL('/env', up.find('dashboard').url))).json()) as Record<string, string>;
    expect(dashboard['DASHBOARD_KEY']).toMatch(/^[\w-]{32}$/);
    expect(dashboard['DASHBOARD_KEY']).toBe(readFileSync(join(folder.path, 'dashboard-key'), 'utf8'));
    expect(up.lines.join('\n')).toContain(`(any user name, password ${dashboard['DASHBOARD_KEY']})`);
    expect(up.lines.join('\n')).toContain('/#token=token-for-0123456789abcdef');
    expect(up.lines.join('\n')).not.toMatch(/█|API key, for/);
  });

  it('--lan: makes the link for talks in one room', async () => {
    using folder = stateFolder();
    const environment = { LAN_ADDRESS: '192.168.1.5', API_KEYS: 'acme:0123456789abcdef', ROOM: 'sunday-service' };
    await using up = new UpProcess(folder.path, environment);
    await up.waitForLine('Stop it with Ctrl-C');
    expect(up.lines.join('\n')).toContain('/#token=token-for-0123456789abcdefsunday-service');
  });

  it('starts no worker process with WORKERS=inline', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { WORKERS: 'inline' });
    await up.waitForLine('Stop it with Ctrl-C');
    expect(up.running().map(({ name }) => name)).not.toContain('worker');
  });

  it('starts no Redis for the cache without CACHE and SINGLEFLIGHT', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { CACHE: 'off', SINGLEFLIGHT: 'off' });
    await up.waitForLine('Stop it with Ctrl-C');
    expect(up.running().map(({ name }) => name)).not.toContain('cache');
  });

  it('uses the given Redis for the cache, and fails if it does not respond', async () => {
    using folder = stateFolder();
    await using first = new UpProcess(folder.path);
    await first.waitForLine('Stop it with Ctrl-C');
    const { url } = first.find('redis');
    await using second = new UpProcess(folder.path, { REDIS_URL: url });
    await second.waitForLine('Stop it with Ctrl-C');
    expect(second.running().map(({ name }) => name)).not.toContain('cache');
    const environment: unknown = await (await fetch(new URL('/env', second.find('worker').url))).json();
    expect(environment).toMatchObject({ REDIS_URL: url });
    expect(environment).not.toHaveProperty('CACHE_REDIS_URL');
    await using third = new UpProcess(folder.path, { CACHE_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await third.exited).toBe(1);
    expect(third.lines.join('\n')).toMatch(/the Redis of CACHE_REDIS_URL, 127\.0\.0\.1:1, can't be used/);
  });

  it('fails if the requested port is in use', async () => {
    using folder = stateFolder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await using up = new UpProcess(folder.path, { PORT: String(port) });
    expect(await up.exited).toBe(1);
    other.close();
    expect(up.lines.join('\n')).toContain(`PORT=${port} is in use by another process`);
    expect(up.events()).toEqual([]);
  });

  it('fails at once if the Redis of REDIS_URL does not respond, without showing its password', async () => {
    using folder = stateFolder();
    await using up = new UpProcess(folder.path, { REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    expect(await up.exited).toBe(1);
    expect(up.lines.join('\n')).toMatch(/the Redis of REDIS_URL, 127\.0\.0\.1:1, can't be used: .*ECONNREFUSED/);
    expect(up.lines.join('\n')).not.toContain('secret');
    expect(up.events()).toEqual([]);
  });
});
