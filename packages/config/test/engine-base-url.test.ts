import { describe, expect, it } from '@jest/globals';
import { engineBaseUrl, engineEndpoints, loadConfig } from '../src/index.ts';

const LOCAL_ENGINE_URL = 'http://engine:8788/v1';
const urlOf = (environment: Record<string, string>): string => engineBaseUrl(loadConfig(environment));

describe('the endpoint that translates', () => {
  it('is the local engine while there is neither key nor URL', () => {
    expect(urlOf({ LOCAL_ENGINE_URL, OPENAI_API_KEY: '', OPENAI_BASE_URL: '' })).toBe(LOCAL_ENGINE_URL);
  });

  it('is OpenAI with nothing but a key', () => {
    expect(urlOf({ LOCAL_ENGINE_URL, OPENAI_API_KEY: 'sk-test' })).toBe('https://api.openai.com/v1');
    expect(urlOf({})).toBe('https://api.openai.com/v1');
  });

  it('is the one that is named, with or without a key', () => {
    const OPENAI_BASE_URL = 'http://vllm:8000/v1';
    expect(urlOf({ LOCAL_ENGINE_URL, OPENAI_BASE_URL })).toBe(OPENAI_BASE_URL);
    expect(urlOf({ LOCAL_ENGINE_URL, OPENAI_BASE_URL, OPENAI_API_KEY: 'k' })).toBe(OPENAI_BASE_URL);
  });

  it.each([
    ['http://vllm/v1/', 'http://vllm/v1'],
    ['HTTP://VLLM:80/v1//', 'http://vllm/v1'],
    ['http://vllm/v1#chat', 'http://vllm/v1'],
    ['http://vllm/', 'http://vllm'],
    ['http://vllm/v1/?version=2', 'http://vllm/v1?version=2'],
    ['http://vllm/V1', 'http://vllm/V1'],
  ])('has one spelling: that of %s is %s', (written, url) => {
    const ENGINES = JSON.stringify([{ type: 'libretranslate', baseUrl: written }]);
    expect(urlOf({ OPENAI_BASE_URL: written })).toBe(url);
    expect(urlOf({ LOCAL_ENGINE_URL: written })).toBe(url);
    expect(engineEndpoints(loadConfig({ ENGINES })).map(({ baseUrl }) => baseUrl)).toEqual([url]);
  });
});
