import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { upCommand } from '../../apps/cli/src/commands/up.ts';
import { isRemote } from '../../apps/cli/src/up/engine-choice.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const tutorial = read('docs/tutorials/captions-for-sunday.md');

describe('docs/tutorials/captions-for-sunday.md', () => {
  // Run by the slow test, in a network of its own.
  const commands = [...tutorial.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  const [setKey = '', start = '', ...more] = commands;

  it('chooses a language model with a variable that does so', () => {
    const [, name = '', value = ''] = /^export (\w+)=(\w+)$/.exec(setKey) ?? [];
    expect(isRemote(loadConfig({ [name]: value }))).toBe(true);
    expect(isRemote(loadConfig({}))).toBe(false);
  });

  it('starts Parley with options that exist', () => {
    const [, options = ''] = /^npm start -- (.*)$/.exec(start) ?? [];
    const command = upCommand();
    expect(command.parseOptions(options.split(' '))).toEqual({ operands: [], unknown: [] });
    expect(command.opts()).toEqual({ logs: false, lan: true, room: 'sunday-service' });
    expect(tutorial).toContain('Because you named a room, `sunday-service`');
    expect(more).toEqual([]);
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
