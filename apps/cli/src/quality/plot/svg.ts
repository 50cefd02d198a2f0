/** Builds an SVG element. Attribute values and text are escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly SvgNode[]
): SvgNode {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(rounded(value))}"`);
  const inside = children.map(({ markup }) => markup).join('');
  return { markup: `<${name}${written.join('')}>${inside}</${name}>` };
}

/** Part of an SVG document. */
export interface SvgNode {
  readonly markup: string;
}

export function textNode(text: string): SvgNode {
  return { markup: escaped(text) };
}

function rounded(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
