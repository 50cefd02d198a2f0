import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type EngineError,
} from '@parley/translation';
import { createLibreTranslateEngine } from '../src/index.ts';
import { codeOf } from '../src/libretranslate/languages.ts';
import { sendJson } from './chat-answers.ts';
import { describeEngineContract } from './engine-contract.ts';
import { translateAll } from './engine-under-test.ts';
import {
  libreTranslateDefaults,
  startLibreTranslateFixture,
  type LibreTranslateFixture,
} from './libretranslate-fixture.ts';

describeEngineContract('LibreTranslate', startLibreTranslateFixture);
describeEngineContract('LibreTranslate without a pool', (given) =>
  startLibreTranslateFixture({ ...given, pooled: false }),
);

describe('the LibreTranslate engine', () => {
  let fixture: LibreTranslateFixture;
  const { signal } = new AbortController();

  beforeEach(async () => {
    fixture = await startLibreTranslateFixture();
    fixture.translateAs('Buenos días.');
  });
  afterEach(() => fixture.close());

  function lastBody(): unknown {
    return JSON.parse(fixture.server.exchanges.at(-1)?.body ?? '');
  }

  it('sends the text, the codes of both languages and its key', async () => {
    await translateAll(fixture.engine, { target: 'pt-BR' });
    const q = 'Good morning everyone.';
    expect(lastBody()).toEqual({ q, source: 'en', target: 'pb', format: 'text', api_key: 'test-key' });
  });

  it('sends no key if none is configured', async () => {
    await fixture.close();
    fixture = await startLibreTranslateFixture({ apiKey: undefined });
    fixture.translateAs('Buenos días.');
    await translateAll(fixture.engine);
    expect(lastBody()).not.toHaveProperty('api_key');
  });

  it.each([
    ['its text in a list of one', { translatedText: ['Buenos días.'] }],
    ['more than was asked for', { translatedText: 'Buenos días.', alternatives: null, detectedLanguage: null }],
    ['an error that is empty', { translatedText: 'Buenos días.', error: '' }],
  ])('reads a reply with %s', async (_what, body) => {
    fixture.server.script = ({ answer }) => sendJson(answer, 200, body);
    expect((await translateAll(fixture.engine)).text).toBe('Buenos días.');
  });

  it.each([{ error: 'Cannot translate text' }, { detail: 'Internal error' }])(
    'takes a 200 with the body %j for an engine that is not there',
    async (body) => {
      fixture.server.script = ({ answer }) => sendJson(answer, 200, body);
      await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(EngineUnavailableError);
    },
  );

  it('ignores malformed languages', async () => {
    await fixture.close();
    fixture = await startLibreTranslateFixture({}, [
      { code: 'en', targets: ['es'] },
      { code: 'es', targets: null },
      { name: 'Klingon' },
      null,
    ]);
    expect((await fixture.engine.capabilities(signal)).languagePairs).toEqual([
      ['en', 'es'],
      ['es', 'en'],
      ['und', 'es'],
      ['und', 'en'],
    ]);
  });

  it('lists its pairs as BCP 47 tags', async () => {
    expect((await fixture.engine.capabilities(signal)).languagePairs).toEqual([
      ['en', 'es'],
      ['en', 'pt-BR'],
      ['en', 'pt'],
      ['en', 'fil'],
      ['en', 'zh-Hans'],
      ['en', 'zh-Hant'], // prettier-ignore
      ['es', 'en'],
      ['zh-Hant', 'en'],
      ...['en', 'es', 'pt-BR', 'pt', 'fil', 'zh-Hans', 'zh-Hant'].map((target) => ['und', target]),
    ]);
  });

  it('makes no call for a pair that the server does not list', async () => {
    await expect(translateAll(fixture.engine, { source: 'es', target: 'fil' })).rejects.toBeInstanceOf(
      LanguagePairUnsupportedError,
    );
    expect(fixture.calls).toBe(0);
  });

  it('lets the server detect an undetermined language', async () => {
    await translateAll(fixture.engine, { source: 'und', target: 'zh-TW' });
    expect(lastBody()).toMatchObject({ source: 'auto', target: 'zh-Hant' });
  });

  it.each([
    ['en', 'en-GB'],
    ['zh-Hant', 'zh-HK'],
    ['es-ES', 'es-MX'],
  ])('makes no call from %s to %s, which have one code', async (source, target) => {
    await expect(translateAll(fixture.engine, { source, target })).rejects.toBeInstanceOf(LanguagePairUnsupportedError);
    expect(fixture.calls).toBe(0);
  });

  it.each<[number, string, new (...given: never[]) => EngineError]>([
    [400, 'Invalid request: missing q parameter', EngineRejectedError],
    [400, 'xx is not supported', LanguagePairUnsupportedError],
    [400, 'InspectionResult https://portal.example to get an API key', EngineRejectedError],
    [403, 'Banned', EngineRejectedError],
    [502, '', EngineUnavailableError],
  ])('%i %s', async (statusCode, error, type) => {
    fixture.server.script = ({ answer }) => sendJson(answer, statusCode, { error });
    await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(type);
  });

  it('asks for the languages once, with the first call of a cold engine', async () => {
    const { origin, exchanges } = fixture.server;
    exchanges.length = 0;
    const cold = createLibreTranslateEngine({ ...libreTranslateDefaults, baseUrl: `${origin}/` });
    await translateAll(cold);
    await translateAll(cold);
    await cold.close();
    expect(exchanges.map(({ url }) => url)).toEqual(['/languages', '/translate', '/translate']);
  });
});

it.each([
  ['es-MX', ['en', 'es'], 'es'],
  ['zh-TW', ['zh', 'zt'], 'zt'],
  ['zh-TW', ['zh-Hans', 'zh-Hant'], 'zh-Hant'],
  ['zh', ['zh-Hans', 'zh-Hant'], 'zh-Hans'],
  ['zh-SG', ['zh', 'zt'], 'zh'],
  ['zh-Hant', ['zh'], undefined],
  ['pt-BR', ['pt', 'pt-BR'], 'pt-BR'],
  ['pt-BR', ['pt'], 'pt'],
  ['pt-BR-u-ca-buddhist', ['pt', 'pb'], 'pb'],
  ['zh-TW-x-clinic', ['zh', 'zt'], 'zt'],
  ['pt-PT', ['pt', 'pb'], 'pt'],
  ['pt', ['pb'], 'pb'],
  ['sr-Latn', ['sr'], undefined],
  ['zh-TW', ['zh'], undefined],
  ['fil', ['tl'], 'tl'],
  ['nb-NO', ['nb'], 'nb'],
  ['no', ['nb'], 'nb'],
  ['xx', ['en'], undefined],
])('codeOf: %s among %j is %s', (tag, codes, expected) => {
  expect(codeOf(tag, new Set(codes))).toBe(expected);
});
