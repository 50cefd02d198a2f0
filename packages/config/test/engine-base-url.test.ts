import { describe, expect, it } from '@jest/globals';
import { engineBaseUrl, engineEndpoints, loadConfig } from '../src/index.ts';

const LOCAL_ENGINE_URL = 'http://engine:8788/v1';
const urlOf = (environment: Record<string, string>): string => engineBaseUrl(loadConfig(environment));

describe('the engine base URL', () => {
  it('is the local engine without a key and a URL', () => {
    expect(urlOf({ LOCAL_ENGINE_URL, OPENAI_API_KEY: '', OPENAI_BASE_URL: '' })).toBe(LOCAL_ENGINE_URL);
  });

  it('is OpenAI with only a key', () => {
    expect(urlOf({ LOCAL_ENGINE_URL, OPENAI_API_KEY: 'sk-test' })).toBe('https://api.openai.com/v1');
    expect(urlOf({})).toBe('https://api.openai.com/v1');
  });

  it('is OPENAI_BASE_URL with or without a key', () => {
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
  ])('is normalized: %s becomes %s', (written, url) => {
    const ENGINES = JSON.stringify([{ type: 'libretranslate', baseUrl: written }]);
    expect(urlOf({ OPENAI_BASE_URL: written })).toBe(url);
    expect(urlOf({ LOCAL_ENGINE_URL: written })).toBe(url);
    expect(engineEndpoints(loadConfig({ ENGINES })).map(({ baseUrl }) => baseUrl)).toEqual([url]);
  });

  it.each([
    ['https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1'],
    [' https://api.openai.com/v1/chat/completions/ ', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/responses', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/models', 'https://api.openai.com/v1'],
    ['http://vllm:8000/v1/completions', 'http://vllm:8000/v1'],
    ['http://localhost:11434/api/chat', 'http://localhost:11434/v1'],
    ['http://webui/api/chat/completions', 'http://webui/api'],
    [
      'https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1',
      'https://x.openai.azure.com/openai/deployments/d?api-version=1',
    ],
    [
      'https://x.services.ai.azure.com/models/chat/completions?api-version=1',
      'https://x.services.ai.azure.com/models?api-version=1',
    ],
    [
      'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
      'https://generativelanguage.googleapis.com/v1beta/openai',
    ],
    ['http://vllm/models', 'http://vllm/models'],
  ])('is stripped of the path of a call: %s becomes %s', (written, url) => {
    const ENGINES = JSON.stringify([{ type: 'openai', model: 'm', baseUrl: written }]);
    expect(urlOf({ OPENAI_BASE_URL: written })).toBe(url);
    expect(engineEndpoints(loadConfig({ ENGINES })).map(({ baseUrl }) => baseUrl)).toEqual([url]);
  });

  it.each(['localhost:11434', 'api.openai.com/v1', 'ftp://x/v1'])(
    'is rejected unless it is an HTTP URL: %s',
    (written) => {
      expect(() => urlOf({ OPENAI_BASE_URL: written })).toThrow('http:// or https:// URL');
    },
  );
});
