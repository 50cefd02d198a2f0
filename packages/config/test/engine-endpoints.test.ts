import { describe, expect, it } from '@jest/globals';
import { ConfigError, engineEndpoints, loadConfig } from '../src/index.ts';

const openAi = { type: 'openai', baseUrl: 'https://llm.example/v1', model: 'm' };
const libre = { type: 'libretranslate', baseUrl: 'http://libre:5000' };

function load(endpoints: unknown, more: Record<string, string> = {}) {
  return engineEndpoints(loadConfig({ ENGINES: JSON.stringify(endpoints), ...more }));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('expected a ConfigError');
}

describe('ENGINES', () => {
  it('lists endpoints in order, with their own limits, timeouts and switches', () => {
    const own = { for: 'final', rpm: 600, tpm: 90_000, http2: false, predictions: true, totalTimeoutMs: 9000 };
    expect(
      load([
        { ...libre, for: 'partial' },
        { ...openAi, name: 'good', apiKey: 'sk', ...own },
      ]),
    ).toEqual([
      { ...libre, name: 'libre:5000', for: 'partial' },
      { ...openAi, name: 'good', apiKey: 'sk', ...own },
    ]);
  });

  it('reads the key of an endpoint from its apiKeyVariable', () => {
    const [endpoint] = load([{ ...openAi, apiKeyVariable: 'GOOD_KEY' }], { GOOD_KEY: 'sk-good' });
    expect(endpoint).toEqual({
      ...openAi,
      name: 'llm.example m',
      apiKey: 'sk-good',
      for: 'both',
      predictions: false,
    });
  });

  it.each([
    ['text', /ENGINES=\(hidden\).*is not JSON/],
    [[], /at least one endpoint/],
    [[{ type: 'openai', baseUrl: 'https://llm.example/v1' }], /; \[0\]\.model is missing$/],
    [openAi, /; must be of type array$/],
    [[{ type: 'watson', baseUrl: 'http://x' }], /\[0\]\.type must be openai, libretranslate, or deepl/],
    [[{ ...openAi, baseUrl: 'sk-secret' }], /\[0\]\.baseUrl must be an http:\/\/ or https:\/\/ URL/],
    [[libre, { ...openAi, model: undefined }], /\[1\]\.model/],
    [[{ ...openAi, rpm: 0 }], /\[0\]\.rpm/],
    [[{ ...openAi, for: 'all' }], /\[0\]\.for/],
    [[{ ...openAi, apikey: 'sk-secret' }], /\[0\] Unrecognized key: "apikey"/],
    [[{ ...libre, for: 'final' }], /has no endpoint for partials/],
    [[{ ...openAi, for: 'partial' }], /has no endpoint for finals/],
    [[libre, libre], /\[1\]\.name is that of another endpoint/],
    [[{ ...openAi, apiKeyVariable: 'NOT_SET' }], /\[0\]\.apiKeyVariable names a variable that is not set: NOT_SET/],
    [[{ ...openAi, apiKeyVariable: 'HOME', apiKey: 'sk-secret' }], /must not be combined with apiKey/],
  ])('names the invalid field: %j', (endpoints, expected) => {
    const text = typeof endpoints === 'string' ? endpoints : JSON.stringify(endpoints);
    const message = messageOf(() => loadConfig({ ENGINES: text }));
    expect(message).toMatch(expected);
    expect(message).not.toContain('sk-secret');
  });

  const previews = { ...openAi, name: 'previews', for: 'partial', rpm: 60, tpm: 9000, apiKey: 'sk-secret' };
  const finals = { ...previews, name: 'finals', for: 'final' };

  it.each([
    ['rpm', { rpm: undefined }],
    ['rpm', { rpm: 61, baseUrl: `${openAi.baseUrl}/` }],
    ['tpm', { tpm: 90_000, apiKey: undefined, apiKeyVariable: 'SAME_KEY' }],
  ])('rejects two entries for one endpoint that differ in %s: %j', (limit, changed) => {
    const message = messageOf(() => load([previews, { ...finals, ...changed }], { SAME_KEY: 'sk-secret' }));
    expect(message).toContain(`[1].${limit} must be that of previews, which has the same URL, key and model`);
    expect(message).not.toContain('sk-secret');
  });

  it.each([{}, { rpm: 61, model: 'another' }, { rpm: 61, apiKey: 'sk-another' }, { tpm: 1, baseUrl: 'http://x/v1' }])(
    'accepts one endpoint twice with the same limits, and others with their own: %j',
    (changed) => {
      expect(load([previews, { ...finals, ...changed }])).toHaveLength(2);
    },
  );

  it.each([
    [{ apiKey: 'sk:fx' }, 'https://api-free.deepl.com'],
    [{ apiKeyVariable: 'DEEPL_KEY' }, 'https://api.deepl.com'],
    [{ apiKey: 'sk', baseUrl: 'http://proxy:8080/v2/translate' }, 'http://proxy:8080'],
  ])('derives the base URL of DeepL from the key: %j', (entry, baseUrl) => {
    expect(load([{ type: 'deepl', ...entry }], { DEEPL_KEY: 'sk' })).toMatchObject([
      { type: 'deepl', baseUrl, name: new URL(baseUrl).host },
    ]);
  });

  it('defaults to the endpoint of the OPENAI_ variables', () => {
    expect(engineEndpoints(loadConfig({ OPENAI_API_KEY: 'sk', OPENAI_MODEL: 'm' }))).toEqual([
      {
        type: 'openai',
        name: 'api.openai.com m',
        baseUrl: 'https://api.openai.com/v1',
        apiKey: 'sk',
        model: 'm',
        for: 'both',
        predictions: false,
      },
    ]);
  });
});
