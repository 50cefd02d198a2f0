import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(new URL('../public/style.css', import.meta.url), 'utf8');

/** The colors of a theme: the variables of the first or second `:root`. */
function colorsOf(theme: 'light' | 'dark'): Map<string, string> {
  const blocks = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) => block);
  const block = theme === 'light' ? blocks[0] : blocks[1];
  return new Map(
    [...(block ?? '').matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = '', color = '']) => [name, color]),
  );
}

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

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const colors = colorsOf(theme);
  const color = (name: string): string => {
    const found = colors.get(name);
    if (found === undefined) throw new Error(`the theme has no --${name}`);
    return found;
  };

  it.each(['text', 'tentative', 'bad'])('has enough contrast to read --%s', (name) => {
    expect(contrast(color(name), color('ground'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color(name), color('raised'))).toBeGreaterThanOrEqual(4.5);
  });

  it('tells tentative from concluded text by its brightness', () => {
    expect(contrast(color('tentative'), color('text'))).toBeGreaterThanOrEqual(2);
  });
});

describe('the captions', () => {
  it('use one font, and nothing moves', () => {
    const tentative = /^\.tentative \{([^}]*)\}/m.exec(css)?.[1];
    expect(tentative?.trim()).toBe('color: var(--tentative);');
    expect(css).not.toMatch(/transition|animation|smooth/);
  });
});
