import { tableText } from '../bench/table-text.ts';
import type { SoakReport } from './run-soak.ts';
import type { Trend } from './trend.ts';
import { maxGrowthAnHour, verdictOf } from './verdict.ts';

const maxFamilies = 40;

/** What makes a run fail: one line each. */
export function failuresOf({ lasting, problems }: SoakReport): string[] {
  const growing = [...lasting]
    .filter(([, trend]) => verdictOf(trend) === 'growing')
    .map(([name]) => `${name}: growing`);
  const hidden = problems.count - problems.lines.length;
  return [...problems.lines, ...(hidden > 0 ? [`and ${hidden} more problems`] : []), ...growing];
}

/** Formats a report in Markdown, as in `docs/performance.md`. */
export function reportText(report: SoakReport): string {
  const { counts, fromMinute, lasting, restarted, keys } = report;
  const rows = (trends: SoakReport['lasting'], verdict: (trend: Trend | undefined) => string) =>
    [...trends].map(([name, trend]) => [name, ...trendCells(trend), verdict(trend)]);
  const families = [...keys].sort(([, one], [, other]) => (other?.perHour ?? 0) - (one?.perHour ?? 0));
  return [
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
    `From minute ${fromMinute.toFixed(1)} on; growing: more than ${maxGrowthAnHour * 100}% of the mean in an hour by two standard errors.`,
    tableText({
      columns: ['what', 'mean', 'slope an hour', 'standard error', 'verdict'],
      rows: [...rows(lasting, verdictOf), ...rows(restarted, () => 'restarted')],
    }),
    tableText({
      columns: ['keys of Redis', 'mean', 'slope an hour', 'standard error', ''],
      rows: rows(new Map(families.slice(0, maxFamilies)), () => ''),
    }),
  ].join('\n\n');
}

function trendCells(trend: Trend | undefined): string[] {
  if (trend === undefined) return ['', '', ''];
  const [mean, perHour, error] = [trend.mean, trend.perHour, trend.standardError].map((value) => value.toFixed(1));
  return [mean ?? '', `${trend.perHour > 0 ? '+' : ''}${perHour}`, error ?? ''];
}
