import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { MissingProgramError } from '../../src/machine/missing-program-error.ts';
import { provideForUp } from '../../src/up/provide-for-up.ts';
import { addApt, FakeMachine, redis } from '../machine/fake-machine.ts';

const apertiumAlone = 'Apertium with a language pair is needed';

/** What a user who may install nothing is told; empty: the start goes on without a word. */
async function told(fake: FakeMachine, environment: Readonly<Record<string, string>>): Promise<string> {
  addApt(fake, { offers: [], brings: '' });
  try {
    await provideForUp(loadConfig(environment), fake.machine({ isRoot: false }));
    return fake.said.join('\n');
  } catch (error) {
    if (!(error instanceof MissingProgramError)) throw error;
    expect(fake.said).toEqual([]);
    return `refused: ${error.message}`;
  }
}

it('tells at once all that is missing, and how to go without', async () => {
  using fake = new FakeMachine();
  const message = await told(fake, {});
  expect(message).toMatch(
    /^refused: Redis 7 or newer.*\nApertium with a language pair.*\n.*Run\n {2}apt-get update && /,
  );
  expect(message).toMatch(/redis-server apertium-apy apertium-eng-spa.*\nand start again\.\n/);
  expect(message).toMatch(/\nOr set REDIS_URL to .*, and set OPENAI_API_KEY or OPENAI_BASE_URL .*\.$/);
});

it.each([
  { OPENAI_API_KEY: 'k' },
  { OPENAI_BASE_URL: 'http://llm.example/v1' },
  { ENGINES: '[{"type":"libretranslate","baseUrl":"http://libre:5000"}]' },
  { ENGINE_TRANSLATIONS: 'marked' },
])('names no Apertium with %o', async (environment) => {
  using fake = new FakeMachine();
  const message = await told(fake, environment);
  expect(message).toMatch(/^refused: Redis/);
  expect(message).not.toMatch(/apertium/i);
});

it('names no Redis with REDIS_URL, and goes on with stand-in text', async () => {
  using fake = new FakeMachine();
  const message = await told(fake, { REDIS_URL: 'redis://127.0.0.1:6379' });
  expect(message).toMatch(new RegExp(`^${apertiumAlone}`));
  expect(message).not.toMatch(/redis-server/);
  expect(message).toMatch(/stand-in text until then\.$/);
});

it('names nothing where both variables are set', async () => {
  using fake = new FakeMachine();
  expect(await told(fake, { REDIS_URL: 'redis://127.0.0.1:6379', OPENAI_API_KEY: 'k' })).toBe('');
});

it('does not go on where Apertium was asked for by name', async () => {
  using fake = new FakeMachine();
  fake.program('redis-server', redis('7.0.15'));
  expect(await told(fake, { ENGINE_TRANSLATIONS: 'apertium' })).toMatch(new RegExp(`^refused: ${apertiumAlone}`));
});
