import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { retention } from '../src/retention/index.ts';

const units: readonly [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];

/** The duration in words, such as `5 minutes`. */
function inWords(ms: number): string {
  const [unitMs, unit] = units.find(([candidateMs]) => ms % candidateMs === 0) ?? [1, 'ms'];
  const count = ms / unitMs;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

it('the section on retention in docs/operations.md has each of the durations', () => {
  const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('\n### Retention\n');
  const [table = ''] = section.split('\n### ');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  const listed = rows.flatMap((row) => {
    const [, name] = /\| `(\w+)` +\|$/.exec(row) ?? [];
    return name === undefined ? [] : [[name, row.split('|')[2]?.trim()] as const];
  });
  const expected = Object.entries(retention).map(([name, ms]) => [name, expect.stringContaining(inWords(ms))]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
});
