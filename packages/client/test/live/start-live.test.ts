import { describe, expect, it } from '@jest/globals';
import { joinLive, startLiveSession, type ListenerOptions, type LiveSessionOptions } from '../../src/index.ts';

const urls = ['ws://127.0.0.1:1'];

describe('invalid options', () => {
  it.each([
    ['urls', { sourceLanguage: 'en', targetLanguages: ['es'] }],
    ['urls', { sourceLanguage: 'en', targetLanguages: ['es'], urls: 'ws://127.0.0.1:1' }],
    ['urls', { sourceLanguage: 'en', targetLanguages: ['es'], urls: [] }],
    ['urls', { sourceLanguage: 'en', targetLanguages: ['es'], urls: ['127.0.0.1:8787'] }],
    ['targetLanguages', { sourceLanguage: 'en', urls }],
  ])('of a session are refused by name: %s', async (name, options) => {
    const started = startLiveSession(options as unknown as LiveSessionOptions);
    await expect(started).rejects.toThrow(new RegExp(`^${name}\\b`));
    await expect(started).rejects.toBeInstanceOf(TypeError);
  });

  it.each([
    ['joinCode', { urls, targetLanguages: ['es'] }],
    ['joinCode', { urls, targetLanguages: ['es'], joinCode: '' }],
    ['joinCode', { urls, targetLanguages: ['es'], joinCode: 'AB/CD' }],
    ['targetLanguages', { urls, joinCode: 'ABCD', targetLanguages: 'es' }],
  ])('of a listener are refused by name: %s', async (name, options) => {
    await expect(joinLive(options as unknown as ListenerOptions)).rejects.toThrow(new RegExp(`^${name}\\b`));
  });
});
