import { describe, expect, it } from '@jest/globals';
import { isListenOnly, readToken, tokenInFragment } from '../../src/speak/access-token.ts';
import { originInFragment } from '../../src/speak/audience/audience-origin.ts';
import { readChoices } from '../../src/speak/remembered-choices.ts';
import { roomName } from '../../src/speak/room-name.ts';
import { readTalk } from '../../src/speak/talk/saved-talk.ts';

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiJhIn0.c2ln-_';

describe('an access token', () => {
  it.each([
    [`#token=${token}`, token],
    [`#lang=es&token=${token}`, token],
    ['#token=', undefined],
    ['#other', undefined],
    ['', undefined],
    ['#token=a%20b', undefined],
    [`#token=${token}${'a'.repeat(1000)}`, undefined],
  ])('is read from the fragment %j', (fragment, expected) => {
    expect(tokenInFragment(fragment)).toBe(expected);
  });

  it('may be pasted with spaces around it, or as the whole link', () => {
    expect(readToken(` ${token}\n`)).toBe(token);
    expect(readToken(`http://192.168.1.5:8787/#token=${token}`)).toBe(token);
    expect(readToken(`http://localhost:8787/#token=${token}&audience=http://192.168.1.5:8787`)).toBe(token);
    expect(readToken('two words')).toBeUndefined();
  });

  it.each([
    [{ scope: 'listen', tenant: 'ä?>' }, true],
    [{ scope: 'speak' }, false],
    [{}, false],
    ['listen', false],
  ])('tells whether it is only for listening: %j', (claims, expected) => {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(isListenOnly(`eyJ.${payload}.signature`)).toBe(expected);
    expect(isListenOnly(token)).toBe(false);
  });

  it('is never an API key', () => {
    for (const key of ['GMGg8ttqT1Y9hehm6qJHEHd068owW5sA', 'sk-live_1.2.3', 'church:key']) {
      expect(readToken(key)).toBeUndefined();
      expect(tokenInFragment(`#token=${key}`)).toBeUndefined();
    }
  });
});

describe("the audience's address", () => {
  it.each([
    [`#token=${token}&audience=http://192.168.1.5:8787`, 'http://192.168.1.5:8787'],
    ['#audience=https://captions.example/path?a=b', 'https://captions.example'],
    ['#audience=javascript:alert(1)', undefined],
    ['#audience=nonsense', undefined],
    ['#token=a', undefined],
    ['', undefined],
  ])('is read from the fragment %j', (fragment, expected) => {
    expect(originInFragment(fragment)).toBe(expected);
  });
});

describe('what is remembered', () => {
  it('is read back, and anything else is nothing', () => {
    const choices = { sourceLanguage: 'de', targetLanguages: ['en', 'fr'], room: 'sunday' };
    expect(readChoices(JSON.stringify(choices))).toEqual(choices);
    const nothing = { sourceLanguage: 'en', targetLanguages: [], room: '' };
    for (const stored of [null, '', '{', '[]', '7', '{"targetLanguages":"es"}'])
      expect(readChoices(stored)).toEqual(nothing);
    expect(readChoices('{"targetLanguages":["es",7]}').targetLanguages).toEqual(['es']);
  });

  it('of a talk has a version', () => {
    expect(readTalk('{"version":2,"draft":"a"}')).toMatchObject({ draft: 'a' });
    for (const stored of [null, '{', '{"version":1}', '[]', 'null']) expect(readTalk(stored)).toBeUndefined();
  });
});

describe('the name of a standing link', () => {
  it.each([
    ['Sunday Service', 'sunday-service'],
    [' Café, 10:30 ', 'cafe-10-30'],
    ['sunday-service', 'sunday-service'],
    ['日曜', ''],
    ['', ''],
    ['a'.repeat(80), 'a'.repeat(64)],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
  ])('%j is %j', (typed, name) => {
    expect(roomName(typed)).toBe(name);
  });
});
