import type { QualityFigures } from '../quality-report.ts';
import { linearScale, logScale, type Scale } from './scale.ts';
import { styleOf } from './styles.ts';
import { element, textNode, type SvgNode } from './svg.ts';

export const panelSize = { width: 520, height: 400 } as const;
const area = { left: 64, right: 492, top: 40, bottom: 350 } as const;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly policy: string;
}

/** Draws the policies of one kind of traces and one target: normalized erasure against units behind. */
export function panel(title: string, policies: readonly QualityFigures[]): SvgNode {
  const x = linearScale(Math.max(0, ...policies.map(({ unitsBehind = 0 }) => unitsBehind)), area.left, area.right);
  const y = logScale(
    Math.max(0, ...policies.map(({ normalizedErasure = 0 }) => normalizedErasure)),
    area.bottom,
    area.top,
  );
  const families = Map.groupBy(policies, ({ family }) => family);
  const curves = [...families].map(([family, members]) => {
    const points = members.flatMap(({ policy, unitsBehind, normalizedErasure }): Point[] =>
      unitsBehind === undefined || normalizedErasure === undefined
        ? []
        : [{ x: x.position(unitsBehind), y: y.position(normalizedErasure), policy }],
    );
    return curve(family, points);
  });
  return element(
    'g',
    {},
    label(title, { x: area.left, y: 22, 'font-size': 14, 'font-weight': 'bold' }),
    ...axes(x, y),
    ...curves,
  );
}

function axes(x: Scale, y: Scale): SvgNode[] {
  const grid = (from: [number, number], to: [number, number]): SvgNode =>
    element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: '#e2e2e2' });
  const middle = (area.top + area.bottom) / 2;
  return [
    ...x.ticks.flatMap(({ value, label: text }) => {
      const at = x.position(value);
      return [
        grid([at, area.top], [at, area.bottom]),
        label(text, { x: at, y: area.bottom + 18, 'text-anchor': 'middle' }),
      ];
    }),
    ...y.ticks.flatMap(({ value, label: text }) => {
      const at = y.position(value);
      return [
        grid([area.left, at], [area.right, at]),
        label(text, { x: area.left - 8, y: at + 4, 'text-anchor': 'end' }),
      ];
    }),
    label('words behind the newest revision (mean)', {
      x: (area.left + area.right) / 2,
      y: area.bottom + 38,
      'text-anchor': 'middle',
    }),
    label('words erased for each final word', {
      x: 16,
      y: middle,
      'text-anchor': 'middle',
      transform: `rotate(-90 16 ${middle})`,
    }),
  ];
}

/** Draws the policies of a family, connected in the order in which they are given unless the style has no line. */
function curve(family: string, points: readonly Point[]): SvgNode {
  const { color, isCurve, radius, label: place } = styleOf(family);
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return element(
    'g',
    { fill: color },
    ...(isCurve ? [element('polyline', { points: line, fill: 'none', stroke: color, 'stroke-width': 1.5 })] : []),
    ...points.map(({ x, y, policy }) => {
      const dx = x > area.right - 60 ? -Math.abs(place.dx) : place.dx;
      return element(
        'g',
        {},
        element('title', {}, textNode(policy)),
        element('circle', { cx: x, cy: y, r: radius }),
        label(isCurve ? policy.replace(/^.*-(?=\d+$)/, '') : policy, {
          x: x + dx,
          y: y + place.dy,
          'text-anchor': dx < 0 ? 'end' : 'start',
          'font-weight': isCurve ? 'normal' : 'bold',
        }),
      );
    }),
  );
}

function label(text: string, attributes: Readonly<Record<string, string | number>>): SvgNode {
  return element('text', attributes, textNode(text));
}
