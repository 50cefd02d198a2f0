import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { normalizeText, occurringTerms, translationKeys, type JobRequest } from '../src/index.ts';

const request: JobRequest = {
  text: 'Good morning to the ward.',
  source: 'en',
  target: 'es',
  kind: 'final',
  tenant: 'one',
  signal: new AbortController().signal,
};
const glossary = [{ source: 'ward', target: 'planta' }];

const partial: JobRequest = { ...request, kind: 'partial' };
const previous = { text: 'Good morning', translation: 'Buenos días' };

const keyOf = translationKeys({ identity: () => 'engine', shared: false });

describe('the key of a translation', () => {
  it.each<[string, Partial<JobRequest>]>([
    ['tenant', { tenant: 'two' }],
    ['target', { target: 'pt' }],
    ['target that begins alike', { target: 'es-MX' }],
    ['source', { source: 'fr' }],
    ['text', { text: 'Good evening to the ward.' }],
    ['text that it begins', { text: `${request.text} And` }],
    ['text that begins it', { text: 'Good morning to the' }],
    ['case', { text: 'good morning to the ward.' }],
    ['context', { context: 'a hospital' }],
    ['formality', { formality: 'formal' }],
    ['glossary', { glossary }],
    ['text with an odd character', { text: `${request.text}\u0000` }],
  ])('is not that of another %s', (_, changed) => {
    expect(keyOf({ ...request, ...changed })).not.toBe(keyOf(request));
  });

  it('is not that of another wording of a term', () => {
    const other = [{ source: 'ward', target: 'sala' }];
    expect(keyOf({ ...request, glossary: other })).not.toBe(keyOf({ ...request, glossary }));
  });

  it('is the same whatever the white space, the kind, who asks how often, and the terms that do not occur', () => {
    const same: JobRequest = {
      ...request,
      text: ' Good\nmorning  to the ward. ',
      kind: 'partial',
      session: 's',
      earlierAttempts: 3,
      strict: true,
      formality: 'default',
      context: ' ',
      glossary: [{ source: 'surgery', target: 'quirófano' }],
      unwanted: new AbortController().signal,
    };
    expect(keyOf(same)).toBe(keyOf(request));
  });

  it.each<[string, JobRequest['previous']]>([
    ['nothing', undefined],
    ['a text of unknown source', { translation: previous.translation }],
    ['another translation', { ...previous, translation: 'Muy buenos días' }],
    ['the translation of another text', { ...previous, text: 'Good mourning' }],
    ['text and translation exchanged', { text: previous.translation, translation: previous.text }],
  ])('I27: is another for a partial whose readers see a translation than for one whose readers see %s', (_, other) => {
    expect(keyOf({ ...partial, previous: other })).not.toBe(keyOf({ ...partial, previous }));
  });

  it.each<[string, JobRequest]>([
    ['a final', request],
    ['a final that has a prediction', { ...request, previous: { translation: previous.translation } }],
    ['a final whose readers see a translation', { ...request, previous }],
    ['a final whose readers see another one', { ...request, previous: { ...previous, translation: 'Hola' } }],
    ['a partial whose readers see nothing', partial],
    ['a partial of which only a prediction is known', { ...partial, previous: { translation: 'Hola' } }],
    ['a partial whose readers see a blank text', { ...partial, previous: { text: 'Good', translation: ' ' } }],
  ])('I27: is shared by finals and %s, but not by a partial whose readers see a translation', (_, other) => {
    expect(keyOf(other)).toBe(keyOf(request));
    expect(keyOf({ ...partial, previous })).not.toBe(keyOf(other));
    expect(keyOf({ ...partial, previous: { ...previous } })).toBe(keyOf({ ...partial, previous }));
  });

  it('is not that of another model or prompt, and differs by kind where the engine does', () => {
    const changed = translationKeys({ identity: () => 'engine prompt 2', shared: false });
    expect(changed(request)).not.toBe(keyOf(request));
    const byKind = translationKeys({ identity: (kind) => kind, shared: false });
    expect(byKind({ ...request, kind: 'partial' })).not.toBe(byKind(request));
  });

  it('is shared by tenants only where they are told to, and never by nobody', () => {
    const shared = translationKeys({ identity: () => 'engine', shared: true });
    expect(shared({ ...request, tenant: 'two' })).toBe(shared(request));
    expect(shared(request)).not.toBe(keyOf(request));
    expect(keyOf({ ...request, tenant: undefined })).toBeUndefined();
    expect(keyOf({ ...request, text: ' \n' })).toBeUndefined();
  });
});

/** What pieces of requests are made of: what could stand for a separator, a quotation mark or a number somewhere. */
const oddPieces = [
  'a',
  'ä',
  'a\u0308',
  ' ',
  '"',
  '\\',
  ',',
  '[',
  ']',
  ':',
  '\n',
  '\u0000',
  '\ud800',
  '字',
  '',
  '1',
  'null',
];

describe('the keys of any two requests', () => {
  it('I27: are equal where the requests are, and only there', () => {
    const random = seededRandom(testSeed('the keys of any two requests'));
    const any = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;
    const words = (): string => Array.from({ length: 1 + Math.floor(random() * 3) }, () => any(oddPieces)).join('');
    const anyRequest = (): JobRequest => ({
      ...partial,
      text: words(),
      previous: any([undefined, { translation: words() }, { text: words(), translation: words() }]),
      tenant: words(),
      context: words(),
      target: any(['es', 'es-MX', 'e']),
      formality: any(['default', 'formal', undefined]),
      glossary: Array.from({ length: Math.floor(random() * 3) }, () => ({ source: words(), target: words() })),
    });
    /** What makes two requests equal, told in another way than the key tells it. */
    const meaning = (given: JobRequest): unknown[] => {
      // Which terms occur has tests of its own.
      const terms = occurringTerms(given).map((term) => [normalizeText(term.source), normalizeText(term.target)]);
      const { formality = 'default', context = '' } = given;
      const { text = '', translation = '' } = given.previous ?? {};
      const shown = normalizeText(text) && normalizeText(translation) && [text, translation];
      return [given.tenant, given.target, formality, normalizeText(context), normalizeText(given.text), terms, shown];
    };
    const meanings = new Map<string, unknown[]>();
    for (let round = 0; round < 20_000; round++) {
      const given = anyRequest();
      const key = keyOf(given);
      if (key === undefined) continue;
      const known = meanings.get(key);
      if (known === undefined) meanings.set(key, meaning(given));
      else expect(meaning(given)).toEqual(known);
      expect(keyOf({ ...given, text: ` ${given.text}` })).toBe(key);
    }
    // As many keys as meanings: requests of one meaning have one key.
    const distinct = new Set([...meanings.values()].map((said) => JSON.stringify(said)));
    expect(distinct.size).toBe(meanings.size);
  });
});
