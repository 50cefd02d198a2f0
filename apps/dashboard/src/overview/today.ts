import { usageFields, type Usage } from '@parley/redis/usage';
import type { TenantRow, Today } from './overview.ts';

/** More don't fit on a page that is read at a glance. */
const maxListed = 50;

/** Sums the usage of a day. @param uncounted the number of tenants whose usage was not read */
export function today(day: string, tenants: readonly TenantRow[], uncounted: number): Today {
  const listed = tenants.toSorted(mostExpensiveFirst).slice(0, maxListed);
  return { day, total: totalOf(tenants), tenants: listed, further: tenants.length - listed.length, uncounted };
}

/** The tokens of calls that were not needed, in all ways together. */
export function savedTokens(usage: Usage): number {
  const { 'savedTokens:cached': cached, 'savedTokens:joined': joined } = usage;
  return cached + joined + usage['savedTokens:superseded'] + usage['savedTokens:nothing-new'];
}

function totalOf(tenants: readonly TenantRow[]): Usage {
  const sums = usageFields.map((field) => [field, tenants.reduce((sum, { usage }) => sum + usage[field], 0)] as const);
  return Object.fromEntries(sums) as Record<(typeof usageFields)[number], number>;
}

function mostExpensiveFirst({ tenant, usage }: TenantRow, other: TenantRow): number {
  const tokens = ({ promptTokens, completionTokens }: Usage): number => promptTokens + completionTokens;
  return (
    other.usage.costMicros - usage.costMicros ||
    tokens(other.usage) - tokens(usage) ||
    tenant.localeCompare(other.tenant, 'en')
  );
}
