import { describe, expect, it } from '@jest/globals';
import { RouteTable } from '../src/translators/apertium/route.ts';

function routes(...pairs: readonly string[]): RouteTable {
  return new RouteTable(
    pairs.map((pair) => {
      const [source = '', target = ''] = pair.split('>');
      return { source, target };
    }),
  );
}

function way(table: RouteTable, source: string, target: string): string[] | undefined {
  return table.find(source, target)?.map((pair) => `${pair.source}>${pair.target}`);
}

describe('a route', () => {
  it('is the direct pair where there is one, however the tag is written by Apertium', () => {
    const table = routes('eng>spa', 'eng>cat', 'cat>spa', 'es>pt', 'es>pt_BR', 'oci_aran>spa');
    expect(way(table, 'en', 'es')).toEqual(['eng>spa']);
    expect(way(table, 'es', 'pt-BR')).toEqual(['es>pt_BR']);
    expect(way(table, 'es', 'pt')).toEqual(['es>pt']);
    expect(way(table, 'oc-aranese', 'es')).toEqual(['oci_aran>spa']);
  });

  it('is the shortest otherwise, of three pairs at most', () => {
    const table = routes('oci>fra', 'fra>cat', 'cat>spa', 'spa>ita', 'fra>spa');
    expect(way(table, 'fr', 'es')).toEqual(['fra>spa']);
    expect(way(table, 'oc', 'es')).toEqual(['oci>fra', 'fra>spa']);
    expect(way(table, 'oc', 'it')).toEqual(['oci>fra', 'fra>spa', 'spa>ita']);
    expect(way(routes('oci>fra', 'fra>cat', 'cat>spa', 'spa>ita'), 'oc', 'it')).toBeUndefined();
  });

  it('takes the nearest general tag, the exact target before the exact source', () => {
    const table = routes('eng>spa', 'es>pt', 'es>pt_BR');
    expect(way(table, 'en-GB', 'es-MX')).toEqual(['eng>spa']);
    expect(way(table, 'en-GB', 'pt-BR')).toEqual(['eng>spa', 'es>pt_BR']);
    expect(way(table, 'en', 'pt-AO')).toEqual(['eng>spa', 'es>pt']);
  });

  it('never leads into a variety of its own language, and skips what BCP 47 has no word for', () => {
    const table = routes('eng>cat', 'cat>eng_US', 'eng>cat_iec2017', 'cat>cat_valencia');
    expect(table.pairs).toEqual([
      ['ca', 'en-US'],
      ['en', 'ca'],
    ]);
    expect(way(table, 'en', 'en-US')).toBeUndefined();
  });
});
