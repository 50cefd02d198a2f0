import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { startParley, type RunningParley } from './run-parley.ts';

const script = fileURLToPath(new URL('stoppable-app.ts', import.meta.url));

function startStoppable(environment: Record<string, string> = {}): RunningParley {
  return startParley([], { HOST: '127.0.0.9', ...environment }, script);
}

async function nextMessage(running: RunningParley): Promise<Record<string, unknown>> {
  return JSON.parse(await running.nextLine()) as Record<string, unknown>;
}

describe('runProcess', () => {
  it('logs that it is ready with its URL, and prefers options to the environment', async () => {
    await using running = startStoppable({ PORT: '9' });
    expect(await nextMessage(running)).toMatchObject({ msg: 'ready', url: 'http://127.0.0.9:1234', process: 'edge' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('closes at %s and exits with 0', async (signal) => {
    await using running = startStoppable();
    await running.nextLine();
    running.child.kill(signal);
    const { exitCode, stdout } = await running.ended;
    expect(stdout.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'ready',
      'stopping',
      'closing',
      'stopped',
    ]);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('exits at once at a second %s, with %d', async (signal, expected) => {
    await using running = startStoppable({ CLOSE: 'hangs' });
    await running.nextLine();
    running.child.kill('SIGTERM');
    expect(await nextMessage(running)).toMatchObject({ msg: 'stopping' });
    expect(await nextMessage(running)).toMatchObject({ msg: 'closing' });
    // Within 300 ms, a second signal counts as a duplicate of the first.
    await sleep(350);
    running.child.kill(signal);
    expect((await running.ended).exitCode).toBe(expected);
  });

  it('ignores a duplicate signal', async () => {
    await using running = startStoppable();
    await running.nextLine();
    running.child.kill('SIGINT');
    running.child.kill('SIGTERM');
    expect((await running.ended).exitCode).toBe(0);
  });

  it('fails if closing takes longer than SHUTDOWN_TIMEOUT_MS', async () => {
    await using running = startStoppable({ CLOSE: 'hangs', SHUTDOWN_TIMEOUT_MS: '100' });
    await running.nextLine();
    running.child.kill('SIGTERM');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('SHUTDOWN_TIMEOUT_MS=100');
  });

  it('stops promptly and successfully while its start waits for Redis', async () => {
    const environment = { REDIS_URL: 'redis://127.0.0.1:1', HEALTH_PORT: '0', SHUTDOWN_TIMEOUT_MS: '60000' };
    await using running = startParley(['worker'], environment);
    while ((await nextMessage(running)).reason === undefined);
    running.child.kill('SIGTERM');
    const { exitCode, stdout } = await running.ended;
    expect(stdout.slice(-2).map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['stopping', 'stopped']);
    expect(exitCode).toBe(0);
  }, 30_000);

  it('exits although a handle was left open', async () => {
    await using running = startStoppable({ CLOSE: 'leaks' });
    await running.nextLine();
    running.child.kill('SIGTERM');
    expect((await running.ended).exitCode).toBe(0);
  });

  it('fails with 1 if the start fails, and with 2 on an invalid variable', async () => {
    await using failing = startStoppable({ START: 'fails' });
    expect(await failing.ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no redis') as unknown });
    await using wrong = startStoppable({ LOG_LEVEL: 'loud' });
    const { exitCode, stderr } = await wrong.ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain('LOG_LEVEL=loud: must be one of');
  });
});
