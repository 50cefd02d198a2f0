import { readFileSync } from 'node:fs';
import { upCommand } from '../../apps/cli/src/commands/up.ts';
import { describe, expect, it } from '@jest/globals';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const tutorial = read('docs/tutorials/captions-for-sunday.md');

describe('docs/tutorials/captions-for-sunday.md', () => {
  it('starts Parley with options that exist', () => {
    const [, options = ''] = /^npm start -- (.*)$/m.exec(tutorial) ?? [];
    expect(options).not.toBe('');
    expect(upCommand().parseOptions(options.split(' '))).toEqual({ operands: [], unknown: [] });
  });

  it('names controls as the page does', () => {
    const page = read('apps/web/public/index.html');
    const controls = [...tutorial.matchAll(/_([A-Z][a-z ]+)_/g)].map(([, name = '']) => name);
    expect(controls.length).toBeGreaterThan(5);
    for (const name of controls) expect({ name, isThere: page.includes(`>${name}<`) }).toEqual({ name, isThere: true });
  });

  it('has links with parameters that the page reads', () => {
    const documented = [...read('docs/pages.md').matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
    const used = [...tutorial.matchAll(/`\?([^`]*)`/g)].flatMap(([, query = '']) => [
      ...new URLSearchParams(query).keys(),
    ]);
    expect(used.length).toBeGreaterThan(3);
    for (const name of used) expect(documented).toContain(name);
  });
});
