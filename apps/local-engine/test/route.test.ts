import { describe, expect, it } from '@jest/globals';
import { isSameLanguage, languageTagOf, lookupTags } from '../src/translators/apertium/language-codes.ts';
import { RouteTable } from '../src/translators/apertium/route.ts';

function table(...pairs: string[]): RouteTable {
  return new RouteTable(
    pairs.map((pair) => {
      const [source = '', target = ''] = pair.split('-');
      return { source, target };
    }),
  );
}

function found(routes: RouteTable, source: string, target: string): string[] | undefined {
  return routes.find(source, target)?.map((pair) => `${pair.source}-${pair.target}`);
}

describe('language codes', () => {
  it.each([
    ['eng', 'en'],
    ['en', 'en'],
    ['por_BR', 'pt-BR'],
    ['cat_valencia', 'ca-valencia'],
    ['oci_gascon', 'oc-gascon'],
    ['oci_aran', 'oc-aranese'],
    ['srp_Latn', 'sr-Latn'],
    ['cat_iec2017', undefined],
    ['fra_pre2017', undefined],
  ])('converts %s of Apertium to %s in BCP 47', (code, tag) => {
    expect(languageTagOf(code)).toBe(tag);
  });

  it('look up from the exact to the general tag, never ending in a single letter', () => {
    expect(lookupTags('pt-BR')).toEqual(['pt-BR', 'pt']);
    expect(lookupTags('zh-Hant-x-private')).toEqual(['zh-Hant-x-private', 'zh-Hant', 'zh']);
  });

  it('distinguish languages, not their varieties', () => {
    expect(isSameLanguage('pt', 'pt-BR')).toBe(true);
    expect(isSameLanguage('pt', 'es')).toBe(false);
  });
});

describe('routes', () => {
  const routes = table('eng-spa', 'spa-eng_US', 'spa-por', 'spa-por_BR', 'por-spa', 'spa-cat', 'cat-fra', 'fra-oci');

  it.each([
    ['en', 'es', ['eng-spa']],
    ['en', 'pt', ['eng-spa', 'spa-por']],
    ['en', 'fr', ['eng-spa', 'spa-cat', 'cat-fra']],
    ['en', 'pt-BR', ['eng-spa', 'spa-por_BR']],
    ['en', 'pt-PT', ['eng-spa', 'spa-por']],
    ['en-GB', 'es-MX', ['eng-spa']],
    ['pt-BR', 'es', ['por-spa']],
    ['pt', 'en-US', ['por-spa', 'spa-eng_US']],
  ])('lead from %s to %s', (source, target, expected) => {
    expect(found(routes, source, target)).toEqual(expected);
  });

  it.each([
    ['es', 'ja', 'a language that is not there'],
    ['en', 'oc', 'more than two languages between'],
    ['es', 'en', 'only another variety'],
    ['en', 'es-Cyrl', 'only another script'],
    ['und', 'es', 'a language that is to be detected'],
    ['en', 'en-GB', 'a variety of the same language'],
    ['pt', 'pt-BR', 'the same language'],
    ['es', 'es', 'itself'],
  ])('do not lead from %s to %s: %s', (source, target) => {
    expect(found(routes, source, target)).toBeUndefined();
  });

  it('are the shortest, regardless of the order of the pairs', () => {
    const pairs = ['eng-spa', 'spa-fra', 'eng-cat', 'cat-fra', 'eng-fra'];
    expect(found(table(...pairs), 'en', 'fr')).toEqual(['eng-fra']);
    expect(found(table(...pairs.slice(0, 4)), 'en', 'fr')).toEqual(
      found(table(...pairs.slice(0, 4).reverse()), 'en', 'fr'),
    );
  });

  it('are listed as BCP 47 pairs, indirect ones included', () => {
    expect(table('eng-spa', 'spa-por_BR', 'spa-cat_iec2017').pairs).toEqual([
      ['en', 'es'],
      ['en', 'pt-BR'],
      ['es', 'pt-BR'],
    ]);
  });
});
