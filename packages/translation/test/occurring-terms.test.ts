import { describe, expect, it } from '@jest/globals';
import { occurringTerms } from '../src/index.ts';

function occurs(term: string, text: string, source: string): boolean {
  return occurringTerms({ text, source, glossary: [{ source: term, target: 'x' }] }).length > 0;
}

describe('a glossary term', () => {
  it.each([
    ['MORNING', 'Good morning everyone.', 'en'],
    ['morning', 'GOOD MORNING', 'en'],
    ['rate limit', 'the rate  limit, again', 'en'],
    ['cat', 'A cat.', 'en'],
    ['cat', 'a bobcat, then a cat', 'en'],
    ['server', 'two servers', 'en'],
    ['Redis', 'redis', 'en'],
    ['C++', 'we write C++ here', 'en'],
    ['.NET', 'it is .NET', 'en'],
    ['Straße', 'in der Straßen', 'de'],
    ['café', 'un cafe\u0301', 'fr'],
    ['IĞDIR', 'ığdır güzel', 'tr'],
    ['Кремль', 'у Кремля и Кремль', 'ru'],
    ['ключ', 'с ключом', 'ru'],
    ['早上', '大家早上好', 'zh'],
    ['東京', '昨日東京に着いた', 'ja'],
    ['サーバー', 'このサーバーは速い', 'ja'],
    ['서울', '서울에서 왔어요', 'ko'],
    ['ตลาด', 'ฉันไปตลาดน้ำ', 'th'],
    ['كتاب', 'قرأت الكتاب', 'ar'],
    ['GPU', '这个GPU很快', 'zh'],
    ['é', 'é', 'fr'],
  ])('%j occurs in %j (%s)', (term, text, source) => {
    expect(occurs(term, text, source)).toBe(true);
  });

  it.each([
    ['evening', 'Good morning everyone.', 'en'],
    ['cat', 'the catalogue', 'en'],
    ['cat', 'cats', 'en'],
    ['cat', 'a bobcat', 'en'],
    ['art', 'we start', 'en'],
    ['server', 'a serverless one', 'en'],
    ['ai', 'the main thing', 'en'],
    ['caf', 'café', 'fr'],
    ['ом', 'с ключом', 'ru'],
    ['7', '2027', 'en'],
    ['大阪', '昨日東京に着いた', 'ja'],
    ['morning', '', 'en'],
    [' ', 'Good morning everyone.', 'en'],
  ])('%j does not occur in %j (%s)', (term, text, source) => {
    expect(occurs(term, text, source)).toBe(false);
  });
});

it('a glossary with the same term twice gives both entries, in its order', () => {
  const glossary = [
    { source: 'Morning', target: 'mañana' },
    { source: 'unknown', target: 'x' },
    { source: 'morning', target: 'matí' },
  ];
  expect(occurringTerms({ text: 'Good morning.', source: 'en', glossary })).toEqual([glossary[0], glossary[2]]);
});

it('terms that are out of proportion to their text are left out; earlier ones of the glossary come first', () => {
  const nested = Array.from({ length: 200 }, (_, index) => ({ source: 'あ'.repeat(index + 1), target: 'x' }));
  const charsIn = (text: string, glossary = nested) =>
    occurringTerms({ text, source: 'ja', glossary }).map(({ source, target }) => source.length + target.length);
  const found = charsIn('あ'.repeat(200));
  // 2 + 3 + … + 52 are 1,377 characters; the next term has 53.
  expect(found).toEqual(Array.from({ length: 51 }, (_, index) => index + 2));
  expect(charsIn('あ'.repeat(9900))).toHaveLength(200);
  expect(charsIn(`${'あ'.repeat(60)}${' '.repeat(9000)}あ`)).toHaveLength(45);
  const long = { source: 'あ'.repeat(200), target: 'x'.repeat(200) };
  expect(charsIn('あ'.repeat(200), [long, long, long, long, { source: 'あ', target: 'x' }])).toEqual([
    400, 400, 400, 2,
  ]);
});

it('a text is searched for a glossary once', () => {
  const request = { text: 'Good morning.', source: 'en', glossary: [{ source: 'morning', target: 'matí' }] };
  expect(occurringTerms(request)).toBe(occurringTerms({ ...request }));
});

it('a glossary is searched for in each text and language by itself', () => {
  const glossary = [
    { source: 'IĞDIR', target: 'a' },
    { source: 'server', target: 'b' },
  ];
  const found = (text: string, source: string) =>
    occurringTerms({ text, source, glossary })
      .map(({ target }) => target)
      .join('');
  for (let round = 0; round < 2; round++) {
    expect(found('ığdır server', 'tr')).toBe('ab');
    expect(found('ığdır server', 'en')).toBe('b');
    expect(found('ığdır', 'tr')).toBe('a');
    expect(found('nothing', 'tr')).toBe('');
  }
  // Also after more text than is kept.
  for (let number = 0; number < 3; number++) expect(found(`server ${number} ${'x '.repeat(4000)}`, 'tr')).toBe('b');
  expect(found('ığdır', 'tr')).toBe('a');
});
