import { describe, expect, it } from '@jest/globals';
import { canonicalLanguageTag, parseClientMessage } from '../src/index.ts';

describe('canonicalLanguageTag', () => {
  it.each([
    ['en', 'en'],
    ['EN-us', 'en-US'],
    ['en_US', 'en-US'],
    ['zh_hant_tw', 'zh-Hant-TW'],
    ['es-419', 'es-419'],
    ['ca-valencia', 'ca-valencia'],
    ['iw', 'he'],
    ['tl', 'fil'],
    ['eng', 'en'],
    ['cmn-Hant', 'zh-Hant'],
    ['zh-cmn-Hans-CN', 'zh-Hans-CN'],
    ['zh-yue', 'yue'],
    ['sh', 'sr-Latn'],
    ['art-lojban', 'jbo'],
    ['apc', 'apc'],
    ['quy', 'quy'],
    ['tlh', 'tlh'],
    ['de-u-co-phonebk', 'de-u-co-phonebk'],
    ['es-x-clinic', 'es-x-clinic'],
  ])('reads %s as %s', (tag, canonical) => {
    expect(canonicalLanguageTag(tag)).toBe(canonical);
    expect(canonicalLanguageTag(canonical)).toBe(canonical);
  });

  it.each(['und', 'auto', 'AUTO', 'multi', 'mul', 'zxx', 'mis', 'und-Latn', 'mul_US'])('reads %s as und', (tag) => {
    expect(canonicalLanguageTag(tag)).toBe('und');
  });

  it.each([
    ...['french', 'english', 'spanish', 'german', 'Deutsch', 'chinese', 'english please', 'default', 'root'],
    ...['xx', 'qqq', 'qaa', 'zzz', 'x-foo', 'i-klingon', 'en-', 'en_US.UTF-8', 'zh-CHT', 'e', '', '=', '*'],
  ])('rejects %j', (tag) => {
    expect(canonicalLanguageTag(tag)).toBeUndefined();
  });
});

describe('language fields of messages', () => {
  const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };
  const final = { type: 'transcript.final', segmentId: 1, text: 'a' };
  const join = { type: 'session.join', joinCode: 'CODE', targetLanguages: ['es'] };

  it.each([
    ['sourceLanguage', { ...start, sourceLanguage: 'french' }],
    ['sourceLanguage', { ...start, sourceLanguage: 'xx' }],
    ['targetLanguages.1', { ...start, targetLanguages: ['es', 'french'] }],
    ['targetLanguages.0', { ...start, targetLanguages: ['und'] }],
    ['targetLanguages.1', { ...start, targetLanguages: ['es', 'auto'] }],
    ['targetLanguages.0', { type: 'session.update', targetLanguages: ['spanish'] }],
    ['targetLanguages.0', { ...join, targetLanguages: ['english'] }],
  ])('I14: names %s in %j', (param, message) => {
    const parsed = parseClientMessage(JSON.stringify(message));
    expect(parsed).toMatchObject({ ok: false, error: { code: 'invalid-field', param } });
    if (!parsed.ok) expect(parsed.error.message).toMatch(/tag|language/);
  });

  it.each([
    ['listenerLanguages.0', { ...start, listenerLanguages: ['english'] }],
    ['listenerLanguages.0', { ...start, listenerLanguages: ['multi'] }],
    ['language', { ...final, language: 'english' }],
  ])('I14: ignores %s of %j and reports it', (param, message) => {
    const parsed = parseClientMessage(JSON.stringify(message));
    expect(parsed).toMatchObject({ ok: true, ignored: [{ param }] });
  });

  it.each([
    [{ ...start, sourceLanguage: 'auto' }, { sourceLanguage: 'und' }],
    [{ ...start, sourceLanguage: 'en_us' }, { sourceLanguage: 'en-US' }],
    [{ ...start, targetLanguages: ['en_US', 'en-us', 'es', 'EN-US'] }, { targetLanguages: ['en-US', 'es'] }],
    [{ ...start, listenerLanguages: ['pt_BR'] }, { listenerLanguages: ['pt-BR'] }],
    [{ ...final, language: 'multi' }, { language: 'und' }],
    [{ ...join, targetLanguages: ['auto', 'iw'] }, { targetLanguages: ['und', 'he'] }],
  ])('canonicalizes the languages of %j', (message, expected) => {
    expect(parseClientMessage(JSON.stringify(message))).toMatchObject({ ok: true, message: expected });
  });
});
