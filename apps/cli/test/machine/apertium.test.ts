import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { apertium } from '../../src/machine/apertium.ts';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { ensurePrograms } from '../../src/machine/ensure-programs.ts';
import { addApt, createProgram, FakeMachine } from './fake-machine.ts';

describe('apertium', () => {
  it('is not installed again', async () => {
    using fake = new FakeMachine();
    const modes = join(fake.folder, 'modes');
    mkdirSync(modes);
    writeFileSync(join(modes, 'eng-spa.mode'), '');
    fake.program('apertium-apy', '');
    fake.program('apt-get', '');
    fake.program('apt-cache', 'exit 1');
    await ensurePrograms(fake.machine(), [apertium(modes)]);
    await expect(fake.calls()).rejects.toThrow('ENOENT');
  });

  it('is installed with the available language pairs, under their available names', async () => {
    using fake = new FakeMachine();
    const modes = join(fake.folder, 'modes');
    mkdirSync(modes);
    addApt(fake, {
      packages: ['apertium-apy', 'apertium-eng-spa', 'apertium-en-ca', 'apertium-spa-por'],
      installScript: `${createProgram('apertium-apy', '')}\ntouch "${modes}/eng-spa.mode"`,
    });
    await ensurePrograms(fake.machine(), [apertium(modes)]);
    expect((await fake.calls()).at(-1)).toMatch(/ apertium-apy apertium-eng-spa apertium-en-ca apertium-spa-por$/);
  });

  it.each([
    ['neither server nor pairs', ['redis-server']],
    ['pairs without the server', ['apertium-eng-spa', 'apertium-eng-cat']],
  ])('is not installed if the package manager has %s', async (_, packages) => {
    using fake = new FakeMachine();
    addApt(fake, { packages, installScript: '' });
    const refusal = ensurePrograms(fake.machine(), [apertium(fake.folder)]);
    await expect(refusal).rejects.toThrow(MissingProgramError);
    await expect(refusal).rejects.toThrow(/apt-get does not have it\. Install apertium-apy/);
    expect((await fake.calls()).some((call) => call.includes(' install '))).toBe(false);
  });

  it('reports whether the server or the language pairs are missing', async () => {
    using fake = new FakeMachine();
    expect(await apertium(fake.folder).findProblem(fake.machine())).toEqual({
      description: 'no apertium-apy is on the PATH',
    });
    fake.program('apertium-apy', '');
    const noPair = { description: `there is no language pair in ${fake.folder}` };
    expect(await apertium(fake.folder).findProblem(fake.machine())).toEqual(noPair);
  });
});
