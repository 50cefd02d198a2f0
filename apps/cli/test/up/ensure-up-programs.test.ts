import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { ensureUpPrograms } from '../../src/up/ensure-up-programs.ts';
import { addApt, FakeMachine, redis } from '../machine/fake-machine.ts';

const apertiumAlone = 'Apertium with a language pair is needed';

/** Returns the message for a user who may not install packages; empty if the start continues silently. */
async function messageFor(fake: FakeMachine, environment: Readonly<Record<string, string>>): Promise<string> {
  addApt(fake, { packages: [], installScript: '' });
  try {
    await ensureUpPrograms(loadConfig(environment), fake.machine({ isRoot: false }));
    return fake.lines.join('\n');
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    expect(fake.lines).toEqual([]);
    return `refused: ${error.message}`;
  }
}

it('lists all missing programs with their alternatives', async () => {
  using fake = new FakeMachine();
  const message = await messageFor(fake, {});
  expect(message).toMatch(
    /^refused: Redis 7 or newer.*\nApertium with a language pair.*\n.*Run\n {2}apt-get update && /,
  );
  expect(message).toMatch(/redis-server apertium-apy apertium-eng-spa.*\nand start Parley again\.\n/);
  expect(message).toMatch(/\nOr set REDIS_URL to .*, and set OPENAI_API_KEY or OPENAI_BASE_URL .*\.$/);
});

it.each([
  { OPENAI_API_KEY: 'k' },
  { OPENAI_BASE_URL: 'http://llm.example/v1' },
  { ENGINES: '[{"type":"libretranslate","baseUrl":"http://libre:5000"}]' },
  { ENGINE_TRANSLATIONS: 'marked' },
])('does not require Apertium with %o', async (environment) => {
  using fake = new FakeMachine();
  const message = await messageFor(fake, environment);
  expect(message).toMatch(/^refused: Redis/);
  expect(message).not.toMatch(/apertium/i);
});

it('does not require Redis with REDIS_URL, and continues with placeholder text', async () => {
  using fake = new FakeMachine();
  const message = await messageFor(fake, { REDIS_URL: 'redis://127.0.0.1:6379' });
  expect(message).toMatch(new RegExp(`^${apertiumAlone}`));
  expect(message).not.toMatch(/redis-server/);
  expect(message).toMatch(/placeholder text until then\.$/);
});

it('requires nothing if both variables are set', async () => {
  using fake = new FakeMachine();
  expect(await messageFor(fake, { REDIS_URL: 'redis://127.0.0.1:6379', OPENAI_API_KEY: 'k' })).toBe('');
});

it('fails if Apertium was requested and is missing', async () => {
  using fake = new FakeMachine();
  fake.program('redis-server', redis('7.0.15'));
  expect(await messageFor(fake, { ENGINE_TRANSLATIONS: 'apertium' })).toMatch(new RegExp(`^refused: ${apertiumAlone}`));
});
