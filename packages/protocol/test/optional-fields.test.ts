import { describe, expect, it } from '@jest/globals';
import { clientMessageSchema, ignoredNotice, parseClientMessage } from '../src/index.ts';

const final = { type: 'transcript.final', segmentId: 1, text: 'Good morning everyone.' };
const partial = { ...final, type: 'transcript.partial', revision: 1 };
const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };
const defaults = { glossary: [], useHistory: false, formality: 'default', ordered: false };
const started = { ...start, ...defaults, class: 'live' };
const term = { source: 'a', target: 'b' };

const read = (message: object) => {
  const parsed = parseClientMessage(JSON.stringify(message));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { message: parsed.message, params: parsed.ignored.map(({ param }) => param) };
};

describe('optional fields', () => {
  it.each<[string, object, object, string[]]>([
    ['a speaker that is an object', { ...final, speaker: { id: 1 } }, final, ['speaker']],
    ['a speaker that is too long', { ...final, speaker: 'x'.repeat(201) }, final, ['speaker']],
    ['a time below 0', { ...final, startMs: -20, endMs: 900 }, { ...final, endMs: 900 }, ['startMs']],
    ['a time that is a word', { ...final, startMs: 'soon' }, final, ['startMs']],
    ['a time below 0 in words', { ...final, startMs: '-3' }, final, ['startMs']],
    ['a time that is a list', { ...final, endMs: [1] }, final, ['endMs']],
    ['an end before the begin', { ...final, startMs: 9, endMs: 5 }, { ...final, startMs: 9 }, ['endMs']],
    ['an empty language', { ...final, language: '' }, final, ['language']],
    ['a language that is none', { ...final, language: 'english please' }, final, ['language']],
    ['a language that is a number', { ...partial, language: 5 }, partial, ['language']],
    ['a beginning that is none', { ...partial, stable: 'bad evening' }, partial, ['stable']],
    ['a beginning that is far longer', { ...partial, stable: `Good${' '.repeat(300)}` }, partial, ['stable']],
    ['a beginning that is no text', { ...partial, stable: true }, partial, ['stable']],
    ['an id that is too long', { ...final, id: 'x'.repeat(201) }, final, ['id']],
    ['an id that is an object', { type: 'ping', id: {} }, { type: 'ping' }, ['id']],
    [
      'several of them',
      { ...final, startMs: -1, speaker: false, language: '?' },
      final,
      ['language', 'startMs', 'speaker'],
    ],
    ['an unknown formality', { ...start, formality: 'very' }, started, ['formality']],
    ['an unknown stability', { ...start, stability: 0.8 }, started, ['stability']],
    ['an unknown class', { type: 'session.update', class: 'x' }, { type: 'session.update' }, ['class']],
    ['a switch in words', { ...start, ordered: 'yes', useHistory: 1 }, started, ['useHistory', 'ordered']],
    ['a context that is too long', { ...start, context: 'x'.repeat(2001) }, started, ['context']],
    ['a glossary that is no list', { ...start, glossary: { a: 'b' } }, started, ['glossary']],
    [
      'entries of a glossary',
      { ...start, glossary: [term, { source: '' }, 'x', term] },
      { ...started, glossary: [term, term] },
      ['glossary.1.source'],
    ],
    [
      'a glossary that is too long, with a wrong entry',
      { ...start, glossary: [5, ...Array<unknown>(600).fill(term)] },
      { ...started, glossary: Array<unknown>(499).fill(term) },
      ['glossary'],
    ],
    [
      "an entry of the listeners' languages",
      { ...start, listenerLanguages: ['ca', 'no tag', 5, '?', 'fr'] },
      { ...started, listenerLanguages: ['ca', 'fr'] },
      ['listenerLanguages.1'],
    ],
    [
      "listeners' languages that are too many",
      { ...start, listenerLanguages: ['?', ...Array<string>(300).fill('ca')] },
      { ...started, listenerLanguages: Array<string>(199).fill('ca') },
      ['listenerLanguages'],
    ],
    [
      'a glossary with too many characters',
      { ...start, glossary: Array<unknown>(200).fill({ source: 'x'.repeat(200), target: 'y'.repeat(200) }) },
      { ...started, glossary: Array<unknown>(125).fill({ source: 'x'.repeat(200), target: 'y'.repeat(200) }) },
      ['glossary'],
    ],
    ["a number of listeners' languages below 0", { ...start, listenerLanguages: -1 }, started, ['listenerLanguages']],
    [
      "a listener's offset",
      { type: 'session.join', joinCode: 'c', targetLanguages: ['es'], offset: -4 },
      { type: 'session.join', joinCode: 'c', targetLanguages: ['es'] },
      ['offset'],
    ],
  ])('I14: ignores and reports %s', (_what, given, understood, params) => {
    expect(read(given)).toEqual({ message: understood, params });
  });

  it.each<[string, object, object]>([
    ['null', { ...final, speaker: null, startMs: null, endMs: null, language: null, id: null }, final],
    ['null in a session', { ...start, glossary: null, context: null, class: null, ordered: null }, started],
    ['a speaker that is a number', { ...final, speaker: 0 }, { ...final, speaker: '0' }],
    ['an id that is a number', { ...final, id: 12 }, { ...final, id: '12' }],
    ['fractions of a millisecond', { ...final, startMs: 10.4, endMs: 20.5 }, { ...final, startMs: 10, endMs: 21 }],
    ['times in words', { ...final, startMs: '1200', endMs: '1300.6' }, { ...final, startMs: 1200, endMs: 1301 }],
    [
      'a beginning with other case and spaces',
      { ...partial, stable: 'good  morning,' },
      { ...partial, stable: 'good  morning,' },
    ],
    ['an empty beginning', { ...partial, stable: '' }, { ...partial, stable: '' }],
  ])('accepts %s', (_what, given, understood) => {
    expect(read(given)).toEqual({ message: understood, params: [] });
  });

  it('ignores numbers that are not finite', () => {
    for (const field of ['startMs', 'endMs', 'speaker', 'id']) {
      const frame = JSON.stringify({ ...final, [field]: 0 }).replace(/:0/, ':1e999');
      expect(parseClientMessage(frame)).toMatchObject({ ok: true, message: final, ignored: [{ field }] });
    }
  });

  it('I14: never refuses a message, except if ignoring the field would change what was requested', () => {
    const whole = {
      'session.start': start,
      'session.resume': { type: 'session.resume', sessionId: 's', resumeToken: 't', offset: 1 },
      'session.join': { type: 'session.join', joinCode: 'c', targetLanguages: ['es'] },
      'session.update': { type: 'session.update' },
      'transcript.partial': partial,
      'transcript.final': final,
      'transcript.correct': { type: 'transcript.correct', segmentId: 1, text: 'x' },
      'session.end': { type: 'session.end' },
      ping: { type: 'ping' },
    };
    for (const { shape } of clientMessageSchema.options) {
      const message = whole[shape.type.value];
      const fields = Object.keys(shape).filter((field) => !(field in message));
      for (const field of fields) {
        const parsed = parseClientMessage(JSON.stringify({ ...message, [field]: { unreadable: true } }));
        const fatal = [
          ...['targetLanguages', 'held', 'paused', 'room', 'joinCode'],
          ...['sessionId', 'targetLanguage', 'correctionId'],
        ];
        const refused = fatal.includes(field);
        expect({ field, ok: parsed.ok }).toEqual({ field, ok: !refused });
        if (parsed.ok) expect(parsed.ignored.map((ignored) => ignored.field)).toEqual([field]);
      }
    }
  });

  it('I14: reports an ignored field in a notice', () => {
    const parsed = parseClientMessage(JSON.stringify({ ...final, id: 'a', startMs: -1 }));
    const [ignored] = parsed.ok ? parsed.ignored : [];
    expect(ignored && ignoredNotice(ignored, 'a')).toEqual({
      type: 'notice',
      code: 'field-ignored',
      message: 'startMs: Too small: expected number to be >=0; the field was ignored',
      param: 'startMs',
      causedBy: 'a',
    });
  });
});
