import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { chooseEngine } from '../../src/up/engine-choice.ts';
import { FakeMachine } from '../machine/fake-machine.ts';

it('starts no local engine if ENGINES lists endpoints', async () => {
  using fake = new FakeMachine();
  const endpoints = [
    { type: 'openai', baseUrl: 'https://llm.example/v1?key=secret', model: 'm', apiKey: 'secret' },
    { type: 'libretranslate', baseUrl: 'http://libre:5000' },
  ];
  expect(await chooseEngine(loadConfig({ ENGINES: JSON.stringify(endpoints) }), fake.machine())).toEqual({
    kind: 'remote',
    description: 'llm.example m, then libre:5000',
  });
});

it('chooses placeholder text if Apertium is missing, unless Apertium was requested', async () => {
  using fake = new FakeMachine();
  const choice = async (requested: string) =>
    (await chooseEngine(loadConfig({ ENGINE_TRANSLATIONS: requested }), fake.machine())).kind;
  expect(await choice('auto')).toBe('marked');
  expect(await choice('apertium')).toBe('apertium');
  expect(await choice('paraphrased')).toBe('paraphrased');
});
