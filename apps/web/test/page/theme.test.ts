import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(new URL('../../public/theme.css', import.meta.url), 'utf8');

type Colors = ReadonlyMap<string, string>;

/** The color variables of each block whose selector contains `:root`. */
const blocks: readonly Colors[] = [...css.matchAll(/:root[^{]*\{([^}]*)\}/g)]
  .map(
    ([, block = '']) =>
      new Map([...block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = '', color = '']) => [name, color])),
  )
  .filter(({ size }) => size > 0);
const [light = new Map<string, string>(), dark = new Map<string, string>(), chosenDark] = blocks;

/** Relative luminance according to WCAG 2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_name, colors: Colors) => {
  const color = (name: string): string => {
    const found = colors.get(name);
    if (found === undefined) throw new Error(`the theme has no --${name}`);
    return found;
  };

  it.each(['text', 'tentative', 'bad', 'good', 'accent'])('has enough contrast to read --%s', (name) => {
    expect(contrast(color(name), color('ground'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color(name), color('raised'))).toBeGreaterThanOrEqual(4.5);
  });

  it('has enough contrast on buttons', () => {
    expect(contrast(color('on-accent'), color('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  it('tells tentative from concluded text by its brightness', () => {
    expect(contrast(color('tentative'), color('text'))).toBeGreaterThanOrEqual(2);
  });
});

describe('the themes', () => {
  it('are the same whether the system or the reader has chosen the dark one', () => {
    expect(blocks).toHaveLength(3);
    expect(chosenDark).toEqual(dark);
    expect([...dark.keys()]).toEqual([...light.keys()]);
  });
});

describe('tentative text', () => {
  it('differs by its color alone, and nothing is animated', () => {
    const tentative = /^\.tentative \{([^}]*)\}/m.exec(css)?.[1];
    expect(tentative?.trim()).toBe('color: var(--tentative);');
    expect(css).not.toMatch(/transition|animation|smooth/);
  });
});
