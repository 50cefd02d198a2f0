import { describe, expect, it } from '@jest/globals';
import { parseClientMessage } from '../src/index.ts';

const parse = (value: unknown) => parseClientMessage(JSON.stringify(value));

describe('parseClientMessage', () => {
  it.each([
    ['no JSON', '{"type":', { code: 'not-json' }],
    ['an empty frame', '', { code: 'not-json' }],
    ['a list', '[]', { code: 'not-an-object' }],
    ['null', 'null', { code: 'not-an-object' }],
    ['no type', '{"id":"a"}', { code: 'invalid-field', param: 'type', causedBy: 'a' }],
    ['an unknown type', '{"type":"session.dance","id":"b"}', { code: 'unknown-type', param: 'type', causedBy: 'b' }],
    ['the type of an object’s own', '{"type":"constructor"}', { code: 'unknown-type' }],
    [
      'a segment that is a string',
      '{"type":"transcript.final","segmentId":"1","text":"a"}',
      { code: 'invalid-field', param: 'segmentId' },
    ],
    [
      'a negative segment',
      '{"type":"transcript.final","segmentId":-1,"text":"a"}',
      { code: 'invalid-field', param: 'segmentId' },
    ],
    [
      'a segment above the safe integers',
      '{"type":"transcript.final","segmentId":9007199254740993,"text":"a"}',
      { code: 'invalid-field', param: 'segmentId' },
    ],
    [
      'a broken revision',
      '{"type":"transcript.partial","segmentId":1,"revision":1.5,"text":"a"}',
      { code: 'invalid-field', param: 'revision' },
    ],
    [
      'no text',
      '{"type":"transcript.final","segmentId":1,"id":"x"}',
      { code: 'invalid-field', param: 'text', causedBy: 'x' },
    ],
    [
      'a language that is none',
      '{"type":"session.start","sourceLanguage":"english please","targetLanguages":["es"]}',
      { code: 'invalid-field', param: 'sourceLanguage' },
    ],
    [
      'a wrong one among the targets',
      '{"type":"session.start","sourceLanguage":"en","targetLanguages":["es","?"]}',
      { code: 'invalid-field', param: 'targetLanguages.1' },
    ],
    [
      'no targets',
      '{"type":"session.start","sourceLanguage":"en","targetLanguages":[]}',
      { code: 'invalid-field', param: 'targetLanguages' },
    ],
    [
      'no revision',
      '{"type":"transcript.partial","segmentId":1,"text":"a","id":7}',
      { code: 'invalid-field', param: 'revision', causedBy: '7', message: 'revision: must be an integer from 0' },
    ],
    [
      'a revision that is null',
      '{"type":"transcript.partial","segmentId":1,"revision":null,"text":"a"}',
      { code: 'invalid-field', param: 'revision' },
    ],
    [
      'a text that is null',
      '{"type":"transcript.final","segmentId":1,"text":null,"speaker":null}',
      { code: 'invalid-field', param: 'text', message: 'text: must be a string' },
    ],
    [
      'an update with a wrong one among the targets',
      '{"type":"session.update","targetLanguages":["es","?"],"formality":"very"}',
      { code: 'invalid-field', param: 'targetLanguages.1' },
    ],
    [
      'a held segment that is none',
      '{"type":"session.resume","sessionId":"a","resumeToken":"b","offset":1,"held":[1,"2"]}',
      { code: 'invalid-field', param: 'held.1' },
    ],
  ])('I14: names what is wrong with %s', (_what, frame, error) => {
    expect(parseClientMessage(frame)).toMatchObject({
      ok: false,
      error: { type: 'error', retryable: false, ...error },
    });
  });

  it('canonicalizes and deduplicates languages and fills in the defaults', () => {
    expect(
      parse({ type: 'session.start', sourceLanguage: 'EN-us', targetLanguages: ['pt-br', 'PT-BR', 'es'] }),
    ).toEqual({
      ok: true,
      message: {
        type: 'session.start',
        sourceLanguage: 'en-US',
        targetLanguages: ['pt-BR', 'es'],
        glossary: [],
        useHistory: false,
        formality: 'default',
        ordered: false,
        class: 'live',
      },
      ignored: [],
    });
  });

  it('adds no defaults to an update', () => {
    expect(parse({ type: 'session.update', ordered: true })).toEqual({
      ok: true,
      message: { type: 'session.update', ordered: true },
      ignored: [],
    });
  });

  it('ignores unknown fields and accepts segment and revision 0', () => {
    expect(parse({ type: 'transcript.partial', segmentId: 0, revision: 0, text: '', colour: 'red' })).toEqual({
      ok: true,
      message: { type: 'transcript.partial', segmentId: 0, revision: 0, text: '' },
      ignored: [],
    });
  });

  it('refuses a long text by its length, before anything else of it is looked at', () => {
    const partial = { type: 'transcript.partial', id: 'a', segmentId: 'one', text: 'x'.repeat(11), stable: 'y' };
    expect(parseClientMessage(JSON.stringify(partial), { maxTextChars: 10 })).toMatchObject({
      ok: false,
      error: { code: 'text-too-long', param: 'text', causedBy: 'a', message: expect.stringContaining('11 characters') },
    });
    const within = { ...partial, segmentId: 1, revision: 1, text: 'x'.repeat(10) };
    expect(parseClientMessage(JSON.stringify(within), { maxTextChars: 10 })).toMatchObject({ ok: true });
  });

  it('reads of a message that a listener may not send no more than its type and id', () => {
    const bounds = { maxTextChars: 10, isListener: true };
    const parseAs = (message: object) => parseClientMessage(JSON.stringify(message), bounds);
    for (const type of ['session.start', 'session.update', 'transcript.final', 'transcript.correct', 'session.end']) {
      expect(parseAs({ type, id: 'a', text: 'x'.repeat(11), targetLanguages: '?' })).toMatchObject({
        ok: false,
        error: { code: 'listen-only', causedBy: 'a' },
      });
    }
    expect(parseAs({ type: 'ping' })).toMatchObject({ ok: true });
    expect(parseAs({ type: 'session.join', joinCode: 'c', targetLanguages: ['es'] })).toMatchObject({ ok: true });
    expect(parseAs({ type: 'session.begin' })).toMatchObject({ error: { code: 'unknown-type' } });
  });

  it('refuses required lists by their length, before any entry is looked at', () => {
    const resume = { type: 'session.resume', sessionId: 'a', resumeToken: 'b', offset: 1 };
    for (const [field, message] of [
      ['held', { ...resume, held: ['no number', ...Array<number>(2048).fill(1)] }],
      ['targetLanguages', { type: 'session.join', joinCode: 'c', targetLanguages: Array<string>(21).fill('?') }],
      ['targetLanguages', { type: 'session.update', targetLanguages: Array<string>(50_000).fill('?') }],
    ] as const) {
      expect(parse(message)).toMatchObject({
        ok: false,
        error: {
          code: 'invalid-field',
          param: field,
          message: expect.stringMatching(/entries; at most \d+ are allowed/),
        },
      });
    }
    expect(parse({ ...resume, held: Array<number>(2048).fill(1) })).toMatchObject({ ok: true });
  });

  it('replaces lone surrogates and ignores a byte order mark before the message', () => {
    const frame = '\ufeff{"type":"transcript.final","segmentId":1,"text":"a \\ud83d b \ufeff","speaker":"\\udc4b"}';
    expect(parseClientMessage(frame)).toMatchObject({
      ok: true,
      message: { text: 'a \ufffd b \ufeff', speaker: '\ufffd' },
    });
  });

  it('cuts a long id that it repeats', () => {
    const error = { code: 'unknown-type', causedBy: 'x'.repeat(199) };
    expect(parse({ type: 'no', id: `${'x'.repeat(199)}👋` })).toMatchObject({ ok: false, error });
  });

  it('refuses a word that looks like a language', () => {
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['banana'] };
    expect(parse(start)).toMatchObject({ ok: false, error: { param: 'targetLanguages.0' } });
  });

  it('refuses a frame whose lists are nested too deeply', () => {
    const frame = (levels: number) =>
      `{"type":"ping","a":${'['.repeat(levels)}"${'x'.repeat(5000)}"${']'.repeat(levels)}}`;
    expect(parseClientMessage(frame(15))).toMatchObject({ ok: true });
    expect(parseClientMessage(frame(16))).toMatchObject({ ok: false, error: { code: 'invalid-field' } });
  });
});
