import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { provideApertium } from '../../src/machine/apertium.ts';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { addApt, bring, FakeMachine } from './fake-machine.ts';

describe('provideApertium', () => {
  it('takes what is there', async () => {
    using fake = new FakeMachine();
    const modes = join(fake.folder, 'modes');
    mkdirSync(modes);
    writeFileSync(join(modes, 'eng-spa.mode'), '');
    fake.program('apertium-apy', '');
    fake.program('apt-get', '');
    fake.program('apt-cache', 'exit 1');
    await provideApertium(fake.machine(), modes);
    await expect(fake.calls()).rejects.toThrow('ENOENT');
  });

  it('installs the server and those pairs that the packages offer, under the name that they have', async () => {
    using fake = new FakeMachine();
    const modes = join(fake.folder, 'modes');
    mkdirSync(modes);
    addApt(fake, {
      offers: ['apertium-apy', 'apertium-eng-spa', 'apertium-en-ca', 'apertium-spa-por'],
      brings: `${bring('apertium-apy', '')}\ntouch "${modes}/eng-spa.mode"`,
    });
    await provideApertium(fake.machine(), modes);
    expect((await fake.calls()).at(-1)).toMatch(/ apertium-apy apertium-eng-spa apertium-en-ca apertium-spa-por$/);
  });

  it('says so where the packages do not offer it', async () => {
    using fake = new FakeMachine();
    addApt(fake, { offers: ['redis-server'], brings: '' });
    const refusal = provideApertium(fake.machine(), fake.folder);
    await expect(refusal).rejects.toThrow(MissingProgramError);
    await expect(refusal).rejects.toThrow(/apt-get does not offer it.*OPENAI_API_KEY/);
  });
});
