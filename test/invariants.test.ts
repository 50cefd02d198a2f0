import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

function testFiles(): string[] {
  return ['apps', 'packages', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
      .map((file) => join(root, folder, file)),
  );
}

/** Returns the invariant numbers at the start of test names, such as `it('I1, I2: shows ...')`. */
function numbersInTests(): Set<string> {
  const name = /\(\s*['"`]((?:I\d+(?:, )?)+):/g;
  return new Set(
    testFiles().flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(name)].flatMap(([, numbers = '']) => numbers.split(', ')),
    ),
  );
}

function numbersOnPage(): string[] {
  const page = readFileSync(join(root, 'docs/invariants.md'), 'utf8');
  return [...page.matchAll(/^- \*\*(I\d+)\*\*/gm)].map(([, number = '']) => number);
}

describe('docs/invariants.md', () => {
  it('has a unique number for every invariant and a test for every number', () => {
    const page = numbersOnPage();
    expect(page).toEqual([...new Set(page)]);
    expect(page.filter((number) => !numbersInTests().has(number))).toEqual([]);
  });

  it('lists every number that a test uses', () => {
    const page = numbersOnPage();
    expect([...numbersInTests()].filter((number) => !page.includes(number))).toEqual([]);
  });
});
