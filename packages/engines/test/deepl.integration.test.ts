import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineUnavailableError,
  LanguagePairs,
  LanguagePairUnsupportedError,
  type PaidCall,
  type TranslationRequest,
} from '@parley/translation';
import { engineTypeOf } from '../src/engine-types.ts';
import { sendJson } from './chat-answers.ts';
import { askedOf, sendTranslations, startDeepLFixture, type DeepLFixture } from './deepl-fixture.ts';
import { endpointOf, unlimited } from './endpoint-fixture.ts';
import { describeEngineContract } from './engine-contract.ts';
import { requestFor, translateAll } from './engine-under-test.ts';

describeEngineContract('DeepL', (given) => startDeepLFixture(given));

describe('the DeepL engine', () => {
  let fixture: DeepLFixture;
  const { signal } = new AbortController();

  beforeEach(async () => {
    fixture = await startDeepLFixture();
    fixture.translateAs('Buenos días.');
  });
  afterEach(() => fixture.close());

  /** What was sent for a request. */
  async function askedFor(given: Partial<TranslationRequest>): Promise<Record<string, unknown>> {
    await translateAll(fixture.engine, given);
    return askedOf(fixture.server.exchanges.at(-1) ?? { body: '{}' });
  }

  it.each([
    ['en', 'es', 'EN', 'ES'],
    ['en-AU', 'de-AT', 'EN', 'DE'],
    ['pt-BR', 'en', 'PT', 'EN-US'],
    ['es', 'en-GB', 'ES', 'EN-GB'],
    ['es', 'en-AU', 'ES', 'EN-GB'],
    ['en', 'pt', 'EN', 'PT-BR'],
    ['en', 'pt-PT', 'EN', 'PT-PT'],
    ['en', 'zh', 'EN', 'ZH'],
    ['en', 'zh-CN', 'EN', 'ZH'],
    ['en', 'zh-TW', 'EN', 'ZH-HANT'],
    ['zh-Hant', 'en-US', 'ZH', 'EN-US'],
    ['und', 'es', undefined, 'ES'],
  ])('asks for %s to %s as for %s to %s', async (source, target, sourceCode, targetCode) => {
    const asked = await askedFor({ source, target });
    expect(asked['source_lang']).toBe(sourceCode);
    expect(asked['target_lang']).toBe(targetCode);
  });

  it('lists its language pairs, and calls the API for no other', async () => {
    const pairs = new LanguagePairs((await fixture.engine.capabilities(signal)).languagePairs);
    for (const [source, target] of [
      ['en', 'pt-BR'],
      ['zh-TW', 'en'],
      ['und', 'es'],
    ] as const) {
      expect(pairs.supports(source, target)).toBe(true);
    }
    for (const [source, target] of [
      ['en', 'fr'],
      ['en-US', 'en-GB'],
      ['fr', 'en'],
    ] as const) {
      expect(pairs.supports(source, target)).toBe(false);
      const reply = translateAll(fixture.engine, { source, target });
      await expect(reply).rejects.toBeInstanceOf(LanguagePairUnsupportedError);
    }
    expect(fixture.calls).toBe(0);
  });

  it('sends formality, and what was said before as context', async () => {
    const history = [{ text: 'We sail today.', translation: 'Zarpamos hoy.' }];
    expect(await askedFor({ formality: 'formal', context: 'A trip at sea.', history })).toMatchObject({
      text: ['Good morning everyone.'],
      formality: 'prefer_more',
      context: 'A trip at sea.\nWe sail today.',
    });
    expect(await askedFor({ formality: 'informal' })).toMatchObject({ formality: 'prefer_less' });
    expect(Object.keys(await askedFor({})).sort()).toEqual([
      'show_billed_characters',
      'source_lang',
      'target_lang',
      'text',
    ]);
  });

  it('reports the billed characters, and counts them if DeepL does not', async () => {
    const text = 'Ahoj 🙂';
    fixture.onTranslate(({ answer }) =>
      sendJson(answer, 200, { translations: [{ text: 'Hola', billed_characters: 17 }] }),
    );
    expect((await translateAll(fixture.engine, { text })).usage?.characters).toBe(17);
    fixture.onTranslate(({ answer }) => sendJson(answer, 200, { translations: [{ text: 'Hola' }] }));
    expect((await translateAll(fixture.engine, { text })).usage?.characters).toBe(6);
  });

  it('translates several texts in one request, in their order', async () => {
    fixture.onTranslate((exchange) =>
      sendTranslations(
        exchange,
        askedOf(exchange).text.map((text) => `es ${text}`),
      ),
    );
    const requests = ['One.', 'Two.', 'Three.'].map((text) => requestFor({ text, kind: 'final' }));
    const answer = await fixture.engine.translateBatch?.(requests, signal);
    expect(answer?.texts).toEqual(['es One.', 'es Two.', 'es Three.']);
    expect(answer?.usage?.characters).toBe(14);
    expect(fixture.calls).toBe(1);
  });

  it('rejects a batch reply that lacks a text, with its usage', async () => {
    const requests = ['One.', 'Two.'].map((text) => requestFor({ text }));
    const reply = fixture.engine.translateBatch?.(requests, signal);
    await expect(reply).rejects.toBeInstanceOf(EngineReplyError);
    await expect(reply).rejects.toMatchObject({ usage: { characters: 4 } });
  });

  it.each([
    [403, EngineRejectedError],
    [404, EngineRejectedError],
    [413, EngineRejectedError],
    [429, EngineRateLimitedError],
    [456, EngineRejectedError],
    [500, EngineUnavailableError],
    [503, EngineUnavailableError],
    [529, EngineRateLimitedError],
  ])('knows what status %d means', async (status, type) => {
    fixture.onTranslate(({ answer }) => sendJson(answer, status, { message: 'Good morning everyone.' }));
    const error: unknown = await translateAll(fixture.engine).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toContain(String(status));
    expect((error as Error).message).not.toContain('morning');
  });

  it('can be used while its key is taken and its quota lasts', async () => {
    await expect(fixture.engine.check?.(signal)).resolves.toBeUndefined();
    fixture.usage = { character_count: 500_000, character_limit: 500_000 };
    await expect(fixture.engine.check?.(signal)).rejects.toThrow('quota');
    const wrong = await startDeepLFixture({ apiKey: 'wrong' }).catch((thrown: unknown) => thrown);
    expect(wrong).toBeInstanceOf(EngineRejectedError);
  });

  it('is charged by characters, even for a call abandoned after it was sent', async () => {
    const calls: PaidCall[] = [];
    const endpoint = endpointOf(fixture.engine, {
      chargedBy: 'characters',
      price: { charactersPerMillion: 20 },
      spending: { spent: (call) => void calls.push(call) },
    });
    const account = { session: 's', tenant: 't' };
    await endpoint.call(requestFor(account));
    const coming = fixture.hang();
    const left = new AbortController();
    const reply = expect(endpoint.call(requestFor({ ...account, signal: left.signal }))).rejects.toThrow();
    await coming;
    left.abort();
    await reply;
    const [characters] = [requestFor().text.length];
    expect(calls.map(({ costMicros, promptTokens }) => [costMicros, promptTokens])).toEqual([
      [characters * 20, 0],
      [characters * 20, 0],
    ]);
  });

  it('shares requests while the rate limit is saturated', async () => {
    fixture.onTranslate((exchange) =>
      sendTranslations(
        exchange,
        askedOf(exchange).text.map((text) => `es ${text}`),
      ),
    );
    const endpoint = endpointOf(fixture.engine, { batching: true, limiter: { ...unlimited, isSaturated: true } });
    const finals = ['One.', 'Two.'].map((text) => endpoint.call(requestFor({ text, kind: 'final' })));
    expect((await Promise.all(finals)).map(({ text }) => text)).toEqual(['es One.', 'es Two.']);
    expect(fixture.calls).toBe(1);
  });
});

it.each([
  ['secret:fx', 'https://api-free.deepl.com'],
  ['secret', 'https://api.deepl.com'],
])('the key %s is used at %s', (key, url) => {
  expect(engineTypeOf('deepl')?.usualBaseUrl?.(key)).toBe(url);
});
