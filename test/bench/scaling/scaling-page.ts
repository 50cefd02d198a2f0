import { tableText } from '../table-text.ts';
import { tableNames, type ModelTables } from './model.ts';

/**
 * Replaces the tables of docs/scaling.md, each of which stands between two comments that name it.
 *
 * @throws Error if a table has no place
 */
export function withTables(page: string, tables: ModelTables): string {
  let written = page;
  for (const name of tableNames) {
    const [begin, end] = [`<!-- ${name}: \`npm run model -- --write\` -->`, `<!-- end of ${name} -->`];
    const [from, to] = [written.indexOf(begin), written.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`docs/scaling.md has no place for the table "${name}"`);
    written = `${written.slice(0, from)}${begin}\n\n${tableText(tables[name])}\n\n${written.slice(to)}`;
  }
  return written;
}
