import type { Usage } from '@parley/redis/usage';

/** The usage of one tenant on one day. */
export interface TenantDay {
  readonly day: string;
  readonly tenant: string;
  readonly usage: Usage;
}

const columns = ['day', 'tenant', 'calls', 'tokens', 'cost', 'session hours', 'cost per hour', 'tokens saved'];
const msPerHour = 3_600_000;

/** Formats a table with a header and one row per tenant and day. */
export function usageReport(days: readonly TenantDay[]): string {
  const rows = [columns, ...days.map(cells)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => widths.map((width, column) => pad(row[column] ?? '', width, column)).join('  ')).join('\n');
}

function cells({ day, tenant, usage }: TenantDay): string[] {
  const hours = usage.sessionMs / msPerHour;
  const money = usage.costMicros / 1_000_000;
  const saved =
    usage['savedTokens:cached'] +
    usage['savedTokens:joined'] +
    usage['savedTokens:superseded'] +
    usage['savedTokens:nothing-new'];
  const isPriced = usage.unpricedTokens === 0;
  return [
    day,
    tenant,
    whole(usage.requests),
    whole(usage.promptTokens + usage.completionTokens),
    // The sum is incomplete if some model has no price.
    `${money.toFixed(4)}${isPriced ? '' : '+'}`,
    hours.toFixed(2),
    hours === 0 ? '-' : `${(money / hours).toFixed(4)}${isPriced ? '' : '+'}`,
    whole(saved),
  ];
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

/** Left-aligns the two text columns and right-aligns the numbers. */
function pad(cell: string, width: number, column: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}
