import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { apertium } from '../../src/machine/apertium.ts';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { providePrograms } from '../../src/machine/provide-programs.ts';
import { addApt, bring, FakeMachine } from './fake-machine.ts';

describe('apertium', () => {
  it('is taken where it is there', async () => {
    using fake = new FakeMachine();
    const modes = join(fake.folder, 'modes');
    mkdirSync(modes);
    writeFileSync(join(modes, 'eng-spa.mode'), '');
    fake.program('apertium-apy', '');
    fake.program('apt-get', '');
    fake.program('apt-cache', 'exit 1');
    await providePrograms(fake.machine(), [apertium(modes)]);
    await expect(fake.calls()).rejects.toThrow('ENOENT');
  });

  it('is installed with those pairs that the packages offer, under the name that they have', async () => {
    using fake = new FakeMachine();
    const modes = join(fake.folder, 'modes');
    mkdirSync(modes);
    addApt(fake, {
      offers: ['apertium-apy', 'apertium-eng-spa', 'apertium-en-ca', 'apertium-spa-por'],
      brings: `${bring('apertium-apy', '')}\ntouch "${modes}/eng-spa.mode"`,
    });
    await providePrograms(fake.machine(), [apertium(modes)]);
    expect((await fake.calls()).at(-1)).toMatch(/ apertium-apy apertium-eng-spa apertium-en-ca apertium-spa-por$/);
  });

  it.each([
    ['nothing of it', ['redis-server']],
    ['pairs without the server', ['apertium-eng-spa', 'apertium-eng-cat']],
  ])('is not installed where the packages offer %s', async (_, offers) => {
    using fake = new FakeMachine();
    addApt(fake, { offers, brings: '' });
    const refusal = providePrograms(fake.machine(), [apertium(fake.folder)]);
    await expect(refusal).rejects.toThrow(MissingProgramError);
    await expect(refusal).rejects.toThrow(/apt-get does not offer it\. Install apertium-apy/);
    expect((await fake.calls()).some((call) => call.includes(' install '))).toBe(false);
  });

  it('names what is missing: the server, or any language pair', async () => {
    using fake = new FakeMachine();
    expect(await apertium(fake.folder).findLack(fake.machine())).toEqual({ seen: 'no apertium-apy is on the PATH' });
    fake.program('apertium-apy', '');
    const noPair = { seen: `there is no language pair in ${fake.folder}` };
    expect(await apertium(fake.folder).findLack(fake.machine())).toEqual(noPair);
  });
});
