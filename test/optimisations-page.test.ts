import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { benches } from './bench/index.ts';
import { offAlready, offRuns } from './off-runs.ts';

const page = readFileSync(new URL('../docs/optimisations.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.includes('`bench -- '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('names an existing bench for every optimization', () => {
  const named = rows.map((cells) => /`bench -- ([a-z0-9-]+)`/.exec(cells[6] ?? '')?.[1]);
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(benches.map((bench) => bench.name)).toContain(name);
});

it('names exactly the switches that the end-to-end tests disable', () => {
  const switches = rows.flatMap((cells) => /`([A-Z0-9_]+=[^`]+)`/.exec(cells[4] ?? '')?.[1] ?? []);
  expect(switches.sort()).toEqual([...offRuns, ...offAlready].sort());
});
