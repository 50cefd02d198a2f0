import { describe, expect, it } from '@jest/globals';
import { linearScale, logScale } from '../../src/quality/plot/scale.ts';
import { element, textNode } from '../../src/quality/plot/svg.ts';
import { elementsOf } from './elements-of.ts';

describe('scales', () => {
  it('a linear scale ends at the next whole number', () => {
    const scale = linearScale(3.2, 0, 400);
    expect(scale.position(0)).toBe(0);
    expect(scale.position(2)).toBe(200);
    expect(scale.ticks.map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('a linear scale has few ticks', () => {
    expect(linearScale(37, 0, 400).ticks.map(({ value }) => value)).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
    expect(linearScale(0, 0, 400).ticks.map(({ value }) => value)).toEqual([0, 1]);
  });

  it('a logarithmic scale places equal ratios at equal distances, and zero at its end', () => {
    const scale = logScale(0.04, 100, 0);
    expect(scale.ticks.map(({ label }) => label)).toEqual(['≤ 0.005', '0.01', '0.02', '0.05']);
    expect(scale.position(0.005)).toBe(100);
    expect(scale.position(0)).toBe(100);
    expect(scale.position(0.05)).toBe(0);
    expect(scale.position(0.01) - scale.position(0.02)).toBeCloseTo(scale.position(0.02) - scale.position(0.04));
  });
});

describe('element', () => {
  it('escapes text and attributes, and rounds numbers', () => {
    const { markup } = element('text', { x: 1.26, 'data-name': '"<&>"' }, textNode('a < b & "c"'));
    expect(markup).toBe('<text x="1.3" data-name="&#34;&#60;&#38;&#62;&#34;">a &#60; b &#38; &#34;c&#34;</text>');
    expect(elementsOf(markup)).toEqual(['text']);
  });
});

describe('elementsOf', () => {
  it.each(['<g><g></g>', '<g></text>', '<g></g><g></g>', '<g>a & b</g>', '<g a="<"></g>'])('rejects %s', (markup) => {
    expect(() => elementsOf(markup)).toThrow(SyntaxError);
  });
});
