import { describe, expect, it } from '@jest/globals';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { ensureRedisServer } from '../../src/machine/redis-server.ts';
import { addApt, createProgram, FakeMachine, redis } from './fake-machine.ts';

describe('ensureRedisServer', () => {
  it('returns an installed redis-server, and installs nothing', async () => {
    using fake = new FakeMachine();
    fake.program('redis-server', redis('7.0.15'));
    expect(await ensureRedisServer(fake.machine())).toBe(fake.path('redis-server'));
    expect(await fake.calls()).toEqual(['redis-server --version']);
  });

  it('returns valkey-server if redis-server is too old', async () => {
    using fake = new FakeMachine();
    fake.program('redis-server', redis('6.0.16'));
    fake.program('valkey-server', 'echo "Valkey server v=8.0.1 sha=00000000:0"');
    expect(await ensureRedisServer(fake.machine())).toBe(fake.path('valkey-server'));
  });

  it('fetches the package lists of a fresh machine, then installs as root, without prompts and without a service', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['redis-server'], installScript: createProgram('redis-server', redis('7.0.15')) });
    expect(await ensureRedisServer(fake.machine())).toBe(fake.path('redis-server'));
    const calls = await fake.calls();
    expect(calls.findIndex((call) => call.endsWith(' update'))).toBeGreaterThan(0);
    expect(calls.at(-1)).toMatch(
      /^apt-get .*DPkg::Lock::Timeout=\d+ .* install -y --no-install-recommends redis-server$/,
    );
    expect(fake.lines).toContainEqual(expect.stringContaining('Installing redis-server with apt-get'));
  });

  it('refreshes outdated package lists, and retries', async () => {
    using fake = new FakeMachine();
    const failOnce =
      'if [ ! -e "$FOLDER/failed" ]; then touch "$FOLDER/failed"; echo "404 Not Found" >&2; exit 100; fi';
    addApt(fake, {
      packages: ['redis-server'],
      installScript: `${failOnce}\n${createProgram('redis-server', redis('7.0.15'))}`,
    });
    await ensureRedisServer(fake.machine());
    const verbs = (await fake.calls()).map((call) => / (update|install) ?/.exec(call)?.[1]).filter(Boolean);
    expect(verbs).toEqual(['update', 'install', 'update', 'install']);
  });

  it('installs through sudo if it needs no password', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['redis-server'], installScript: createProgram('redis-server', redis('7.0.15')) });
    fake.program('sudo', '[ "$1" = -n ] && shift\n[ "$1" = true ] && exit 0\nexec "$@"');
    await ensureRedisServer(fake.machine({ isRoot: false }));
    expect(await fake.calls()).toContainEqual(
      expect.stringMatching(
        /^sudo -n env DEBIAN_FRONTEND=noninteractive .* RUNLEVEL=1 .*apt-get .* install .*redis-server$/,
      ),
    );
  });

  it('shows the command line if it may not install', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['redis-server'], installScript: '' });
    fake.program('sudo', 'echo "sudo: a password is required" >&2; exit 1');
    fake.program('apt-cache', "printf 'redis-server:\\n  Installed: (none)\\n  Candidate: 1.0\\n'");
    const refusal = ensureRedisServer(fake.machine({ isRoot: false }));
    await expect(refusal).rejects.toThrow(MissingProgramError);
    await expect(refusal).rejects.toThrow(
      /sudo asks for a password.*\n {2}sudo apt-get update && sudo apt-get install .*redis-server\n/,
    );
    expect((await fake.calls()).filter((call) => call.startsWith('apt-get'))).toEqual([]);
  });

  it('reports the outdated version, and does not replace it', async () => {
    using fake = new FakeMachine();
    fake.program('redis-server', redis('6.0.16'));
    addApt(fake, { packages: ['redis-server'], installScript: '' });
    await expect(ensureRedisServer(fake.machine())).rejects.toThrow(/there is only .*redis-server 6\.0\.16/);
    expect((await fake.calls()).some((call) => call.includes('install'))).toBe(false);
  });

  it('includes the error of apt-get', async () => {
    using fake = new FakeMachine();
    addApt(fake, {
      packages: ['redis-server'],
      installScript: 'echo "E: You do not have enough free space" >&2; exit 100',
    });
    await expect(ensureRedisServer(fake.machine())).rejects.toThrow(/enough free space/);
  });

  it('installs with Homebrew', async () => {
    using fake = new FakeMachine();
    fake.program('brew', `case "$*" in\ninstall*)\n${createProgram('redis-server', redis('8.2.0'))}\n;;\nesac`);
    expect(await ensureRedisServer(fake.machine({ platform: 'darwin', isRoot: false }))).toBe(
      fake.path('redis-server'),
    );
    expect(await fake.calls()).toContain('brew install --quiet --formula redis');
  });

  it('explains what to install if there is no package manager', async () => {
    using fake = new FakeMachine();
    await expect(ensureRedisServer(fake.machine())).rejects.toThrow(/Install Redis 7 or newer, or Valkey/);
  });
});

describe('the service of a package', () => {
  it('is masked during the installation and left disabled under systemd', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['redis-server'], installScript: createProgram('redis-server', redis('7.0.15')) });
    fake.program('systemctl', '');
    await ensureRedisServer(fake.machine({ hasSystemd: true }));
    const steps = (await fake.calls()).filter((call) => / install |^systemctl/.test(call));
    expect(steps.map((step) => step.replace(/^apt-get .*/, 'apt-get'))).toEqual([
      'systemctl --quiet mask redis-server.service',
      'apt-get',
      'systemctl --quiet unmask redis-server.service',
      'systemctl --quiet disable redis-server.service',
    ]);
  });

  it('is unmasked if the installation fails', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['redis-server'], installScript: 'exit 100' });
    fake.program('systemctl', '');
    await expect(ensureRedisServer(fake.machine({ hasSystemd: true }))).rejects.toThrow(MissingProgramError);
    expect(await fake.calls()).toContain('systemctl --quiet unmask redis-server.service');
  });
});
