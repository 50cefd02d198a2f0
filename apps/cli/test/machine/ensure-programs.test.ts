import { describe, expect, it } from '@jest/globals';
import { apertium } from '../../src/machine/apertium.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { ensurePrograms } from '../../src/machine/ensure-programs.ts';
import { redisServer } from '../../src/machine/redis-server.ts';
import { addApt, createProgram, FakeMachine, redis } from './fake-machine.ts';

const pairs =
  'apertium-eng-spa apertium-eng-cat apertium-spa-cat apertium-fra-cat apertium-oci-fra apertium-es-pt apertium-spa-ita';
const everything = `redis-server apertium-apy ${pairs}`;

/** Returns the error message about missing Redis and Apertium. */
async function messageOf(fake: FakeMachine, about: Partial<Machine> = { isRoot: false }): Promise<string> {
  const refusal = await ensurePrograms(fake.machine(about), [redisServer, apertium(fake.folder)]).catch(
    (error: unknown) => error,
  );
  expect(refusal).toBeInstanceOf(MissingProgramError);
  return (refusal as Error).message;
}

describe('ensurePrograms without the permission to install', () => {
  it('lists what is missing in one message, with one command line, and installs nothing', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: everything.split(' '), installScript: '' });
    fake.program('sudo', 'echo "sudo: a password is required" >&2; exit 1');
    expect(await messageOf(fake)).toBe(
      `Redis 7 or newer is needed, and no redis-server or valkey-server is on the PATH.
Apertium with a language pair is needed, and no apertium-apy is on the PATH.
It could not be installed from here (this user is not root and sudo asks for a password). Run
  sudo apt-get update && sudo apt-get install --no-install-recommends ${everything}
and start Parley again.`,
    );
    expect((await fake.calls()).filter((call) => call.startsWith('apt-get') || /^sudo .*apt/.test(call))).toEqual([]);
  });

  it('uses the available package names if the lists are known', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['valkey-server', 'apertium-apy', 'apertium-en-es'], installScript: '', hasLists: true });
    expect(await messageOf(fake)).toContain('--no-install-recommends valkey-server apertium-apy apertium-en-es\n');
  });

  it('leaves sudo out of the command line if it is not installed', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: [], installScript: '' });
    expect(await messageOf(fake)).toMatch(
      /\(this user is not root, and sudo is not installed; become root first\)\. Run\n {2}apt-get update && apt-get install /,
    );
  });

  it('leaves packages that are not available out of the command line', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: ['redis-server'], installScript: '', hasLists: true });
    const message = await messageOf(fake);
    expect(message).toContain('--no-install-recommends redis-server\n');
    expect(message).toContain('apt-get does not have it. Install apertium-apy');
  });

  it('does not mention installed programs', async () => {
    using fake = new FakeMachine();
    addApt(fake, { packages: [], installScript: '' });
    fake.program('redis-server', redis('7.0.15'));
    const message = await messageOf(fake);
    expect(message).toContain(`--no-install-recommends apertium-apy ${pairs}\n`);
    expect(message).not.toMatch(/redis/i);
  });

  it('tells root what to install with Homebrew, and what Homebrew does not have', async () => {
    using fake = new FakeMachine();
    fake.program('brew', '');
    const message = await messageOf(fake, { platform: 'darwin', isRoot: true });
    expect(message).toMatch(/Homebrew does not run as root.*\n {2}brew install redis\n/);
    expect(message).toContain('brew does not have it. Install apertium-apy');
    expect((await fake.calls()).some((call) => call.startsWith('brew install'))).toBe(false);
  });

  it('lists what to install if there is no package manager', async () => {
    using fake = new FakeMachine();
    const message = await messageOf(fake);
    expect(message).toMatch(/Neither apt-get nor brew is installed\. Install Redis 7 or newer/);
    expect(message).toMatch(/Neither apt-get nor brew is installed\. Install apertium-apy/);
  });
});

describe('ensurePrograms with the permission to install', () => {
  it('installs all missing programs', async () => {
    using fake = new FakeMachine();
    addApt(fake, {
      packages: everything.split(' '),
      installScript: `case "$*" in *redis-server*) ${createProgram('redis-server', redis('7.0.15'))}\n;; esac
${createProgram('apertium-apy', '')}\ntouch "$FOLDER/eng-spa.mode"`,
    });
    await ensurePrograms(fake.machine(), [redisServer, apertium(fake.folder)]);
    const installed = (await fake.calls()).filter((call) => call.includes(' install '));
    expect(installed.map((call) => call.replace(/.*--no-install-recommends /, ''))).toEqual([
      'redis-server',
      `apertium-apy ${pairs}`,
    ]);
  });

  it('reports the program that failed, and installs the other', async () => {
    using fake = new FakeMachine();
    addApt(fake, {
      packages: everything.split(' '),
      installScript: `case "$*" in *apertium*) echo "E: no space left" >&2; exit 100 ;; esac\n${createProgram('redis-server', redis('7.0.15'))}`,
    });
    const message = await messageOf(fake, {});
    expect(message).toMatch(/^Apertium with a language pair is needed/);
    expect(message).toContain('E: no space left');
    expect(message).toContain(`apt-get update && apt-get install --no-install-recommends apertium-apy ${pairs}\n`);
    expect(message).not.toMatch(/Redis|redis/);
  });

  it('reports once that the package lists are unavailable, with the command line to run', async () => {
    using fake = new FakeMachine();
    fake.program('apt-cache', '');
    fake.program('apt-get', 'echo "Temporary failure resolving" >&2; exit 100');
    const message = await messageOf(fake, {});
    expect(message.match(/Temporary failure resolving/g)).toHaveLength(1);
    expect(message).toContain(`apt-get update && apt-get install --no-install-recommends ${everything}\n`);
    expect((await fake.calls()).some((call) => call.includes(' install '))).toBe(false);
  });
});
