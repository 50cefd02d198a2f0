import { describe, expect, it } from '@jest/globals';
import { apertium } from '../../src/machine/apertium.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { providePrograms } from '../../src/machine/provide-programs.ts';
import { redisServer } from '../../src/machine/redis-server.ts';
import { addApt, bring, FakeMachine, redis } from './fake-machine.ts';

const pairs =
  'apertium-eng-spa apertium-eng-cat apertium-spa-cat apertium-fra-cat apertium-oci-fra apertium-es-pt apertium-spa-ita';
const everything = `redis-server apertium-apy ${pairs}`;

/** The message about what is missing, of Redis and Apertium. */
async function messageOf(fake: FakeMachine, about: Partial<Machine> = { isRoot: false }): Promise<string> {
  const refusal = await providePrograms(fake.machine(about), [redisServer, apertium(fake.folder)]).catch(
    (error: unknown) => error,
  );
  expect(refusal).toBeInstanceOf(MissingProgramError);
  return (refusal as Error).message;
}

describe('providePrograms, for a user who may install nothing', () => {
  it('tells in one message what is missing, with one command line for all of it, and tries nothing', async () => {
    using fake = new FakeMachine();
    addApt(fake, { offers: everything.split(' '), brings: '' });
    fake.program('sudo', 'echo "sudo: a password is required" >&2; exit 1');
    expect(await messageOf(fake)).toBe(
      `Redis 7 or newer is needed, and no redis-server or valkey-server is on the PATH.
Apertium with a language pair is needed, and no apertium-apy is on the PATH.
It could not be installed from here (this user is not root and sudo asks for a password). Run
  sudo apt-get update && sudo apt-get install --no-install-recommends ${everything}
and start again.`,
    );
    expect((await fake.calls()).filter((call) => call.startsWith('apt-get') || /^sudo .*apt/.test(call))).toEqual([]);
  });

  it('names the packages as they are called here, where the lists tell', async () => {
    using fake = new FakeMachine();
    addApt(fake, { offers: ['valkey-server', 'apertium-apy', 'apertium-en-es'], brings: '', hasLists: true });
    expect(await messageOf(fake)).toContain('--no-install-recommends valkey-server apertium-apy apertium-en-es\n');
  });

  it('puts no sudo into the command line where there is none', async () => {
    using fake = new FakeMachine();
    addApt(fake, { offers: [], brings: '' });
    expect(await messageOf(fake)).toMatch(
      /\(this user is not root, and there is no sudo: become root first\)\. Run\n {2}apt-get update && apt-get install /,
    );
  });

  it('does not put into the command line what is not offered', async () => {
    using fake = new FakeMachine();
    addApt(fake, { offers: ['redis-server'], brings: '', hasLists: true });
    const message = await messageOf(fake);
    expect(message).toContain('--no-install-recommends redis-server\n');
    expect(message).toContain('apt-get does not offer it. Install apertium-apy');
  });

  it('does not name what is there', async () => {
    using fake = new FakeMachine();
    addApt(fake, { offers: [], brings: '' });
    fake.program('redis-server', redis('7.0.15'));
    const message = await messageOf(fake);
    expect(message).toContain(`--no-install-recommends apertium-apy ${pairs}\n`);
    expect(message).not.toMatch(/redis/i);
  });

  it('tells root what Homebrew would bring, and what it does not offer', async () => {
    using fake = new FakeMachine();
    fake.program('brew', '');
    const message = await messageOf(fake, { platform: 'darwin', isRoot: true });
    expect(message).toMatch(/Homebrew does not run as root.*\n {2}brew install redis\n/);
    expect(message).toContain('brew does not offer it. Install apertium-apy');
    expect((await fake.calls()).some((call) => call.startsWith('brew install'))).toBe(false);
  });

  it('tells what to install where there is no package manager', async () => {
    using fake = new FakeMachine();
    const message = await messageOf(fake);
    expect(message).toMatch(/Neither apt-get nor brew is here\. Install Redis 7 or newer/);
    expect(message).toMatch(/Neither apt-get nor brew is here\. Install apertium-apy/);
  });
});

describe('providePrograms, for a user who may install', () => {
  it('installs all that is missing', async () => {
    using fake = new FakeMachine();
    addApt(fake, {
      offers: everything.split(' '),
      brings: `case "$*" in *redis-server*) ${bring('redis-server', redis('7.0.15'))}\n;; esac
${bring('apertium-apy', '')}\ntouch "$FOLDER/eng-spa.mode"`,
    });
    await providePrograms(fake.machine(), [redisServer, apertium(fake.folder)]);
    const installed = (await fake.calls()).filter((call) => call.includes(' install '));
    expect(installed.map((call) => call.replace(/.*--no-install-recommends /, ''))).toEqual([
      'redis-server',
      `apertium-apy ${pairs}`,
    ]);
  });

  it('tells which one failed, and keeps the other', async () => {
    using fake = new FakeMachine();
    addApt(fake, {
      offers: everything.split(' '),
      brings: `case "$*" in *apertium*) echo "E: no space left" >&2; exit 100 ;; esac\n${bring('redis-server', redis('7.0.15'))}`,
    });
    const message = await messageOf(fake, {});
    expect(message).toMatch(/^Apertium with a language pair is needed/);
    expect(message).toContain('E: no space left');
    expect(message).toContain(`apt-get update && apt-get install --no-install-recommends apertium-apy ${pairs}\n`);
    expect(message).not.toMatch(/Redis|redis/);
  });

  it('tells once that the package lists can not be had, and still what to type', async () => {
    using fake = new FakeMachine();
    fake.program('apt-cache', '');
    fake.program('apt-get', 'echo "Temporary failure resolving" >&2; exit 100');
    const message = await messageOf(fake, {});
    expect(message.match(/Temporary failure resolving/g)).toHaveLength(1);
    expect(message).toContain(`apt-get update && apt-get install --no-install-recommends ${everything}\n`);
    expect((await fake.calls()).some((call) => call.includes(' install '))).toBe(false);
  });
});
