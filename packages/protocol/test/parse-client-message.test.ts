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
});
