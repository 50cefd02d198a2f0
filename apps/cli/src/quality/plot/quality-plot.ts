import type { QualityReport } from '../quality-report.ts';
import { panel, panelSize } from './panel.ts';
import { styleOf } from './styles.ts';
import { element, textNode, type SvgNode } from './svg.ts';

const maxPanelsInRow = 2;
const legendLineHeight = 20;

/**
 * Draws a report as a self-contained SVG document: a panel for each kind of traces and target, with normalized erasure (on a
 * logarithmic axis) against words behind for each policy.
 */
export function qualityPlot({ engine, from, kinds }: QualityReport): string {
  const panels = [...Map.groupBy(kinds, ({ traces, target }) => `${traces}, ${from} to ${target}, ${engine}`)];
  const families = [...new Set(kinds.map(({ family }) => family))];
  const width = panelSize.width * Math.min(maxPanelsInRow, panels.length);
  const legendTop = panelSize.height * Math.ceil(panels.length / maxPanelsInRow);
  const height = legendTop + legendLineHeight * families.length + 10;
  const placed = panels.map(([title, policies], index) => {
    const left = panelSize.width * (index % maxPanelsInRow);
    const top = panelSize.height * Math.floor(index / maxPanelsInRow);
    return element('g', { transform: `translate(${left} ${top})` }, panel(title, policies));
  });
  const root = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      'font-family': 'sans-serif',
      'font-size': 12,
      fill: '#222222',
    },
    element('title', {}, textNode('Words erased against words behind')),
    element('rect', { width, height, fill: '#ffffff' }),
    ...placed,
    ...families.map((family, index) => legendLine(family, legendTop + legendLineHeight * (index + 0.5))),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup}\n`;
}

function legendLine(family: string, y: number): SvgNode {
  const { color, radius } = styleOf(family);
  const text = family === 'parley' ? "Parley's settings of stability" : family;
  return element(
    'g',
    {},
    element('circle', { cx: 70, cy: y, r: radius, fill: color }),
    element('text', { x: 84, y: y + 4 }, textNode(text)),
  );
}
