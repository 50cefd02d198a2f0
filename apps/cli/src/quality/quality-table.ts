import type { QualityFigures, QualityReport } from './quality-report.ts';

interface Column {
  readonly title: string;
  readonly text: (figures: QualityFigures) => string;
  readonly isText?: true;
}

const columns: readonly Column[] = [
  { title: 'traces', text: ({ traces }) => traces, isText: true },
  { title: 'to', text: ({ target }) => target, isText: true },
  { title: 'policy', text: ({ policy }) => policy, isText: true },
  { title: 'NE', text: ({ normalizedErasure }) => decimal(normalizedErasure, 3) },
  { title: 'at final', text: ({ finalErasure }) => decimal(finalErasure, 3) },
  { title: 'behind', text: ({ unitsBehind }) => decimal(unitsBehind, 2) },
  { title: 'shorter', text: ({ unitsShorter }) => decimal(unitsShorter, 2) },
  { title: 'coverage', text: ({ coverage }) => percent(coverage) },
  { title: 'first word', text: ({ firstUnitMs }) => milliseconds(firstUnitMs) },
  { title: 'contradicted', text: ({ contradicted }) => percent(contradicted) },
  { title: 'LAAL', text: ({ lagMs }) => milliseconds(lagMs) },
  { title: 'calls', text: ({ calls, segments }) => decimal(calls / segments, 1) },
  { title: 'tokens', text: ({ tokens, segments }) => decimal(tokens / segments, 0) },
];

const legend = `
NE            words erased for each word of the finals; at final: the part of it when the final came
behind        words of the newest revision's translation from the first one that is not on the screen, the mean over revisions
shorter       how many words fewer than that translation are on the screen, the mean over revisions
coverage      share of the finals' words that were on the screen when the final came
first word    from the first revision of a segment to the first word on the screen
contradicted  share of the concluded words that the final contradicts
LAAL          length-adaptive average lagging of the words that stay, from the first revision on
calls         engine calls for each segment, and their tokens
Translations count as if they took no time.`;

/** Formats the figures of all kinds of traces as a table, with an explanation of its columns. */
export function formatQualityReport({ engine, from, kinds }: QualityReport): string {
  const rows = [columns.map(({ title }) => title), ...kinds.map((figures) => columns.map(({ text }) => text(figures)))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) =>
        columns[index]?.isText ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  '),
  );
  return [`from ${from} by ${engine}`, '', ...lines, legend].join('\n');
}

function decimal(value: number | undefined, digits: number): string {
  return value === undefined ? '-' : value.toFixed(digits);
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(share * 100).toFixed(1)}%`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(0)} ms`;
}
