import type { MetricsRegistry, MetricsSnapshot } from './metrics-registry.ts';

/** One value of a metric. A histogram has many: `NAME_bucket` with the label `le`, `NAME_sum` and `NAME_count`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads these metrics of a registry, and only them: the others may be costly to collect. */
export async function readMetrics(registry: MetricsRegistry, names: readonly string[]): Promise<MetricsSnapshot> {
  const found = names.map((name) => registry.getSingleMetric(name)).filter((metric) => metric !== undefined);
  return await Promise.all(found.map((metric) => metric.get()));
}

/** Returns the samples of these metrics in a snapshot. */
export function samplesOf(snapshot: MetricsSnapshot, names: ReadonlySet<string>): Sample[] {
  return snapshot
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, values }) =>
      values.map(({ labels, value, ...more }) => ({
        // There at run time for histograms, but not in the type.
        name: 'metricName' in more && typeof more.metricName === 'string' ? more.metricName : name,
        labels: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)])),
        value,
      })),
    );
}

/** Returns the sum of a metric's samples that have these labels. */
export function sumOf(samples: readonly Sample[], name: string, labels: Sample['labels'] = {}): number {
  return matching(samples, name, labels).reduce((sum, { value }) => sum + value, 0);
}

/** Returns the sums of a metric's samples by the value of a label. */
export function sumsBy(samples: readonly Sample[], name: string, label: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of matching(samples, name, {})) {
    const key = labels[label] ?? '';
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

/**
 * Estimates a quantile of a histogram's observations that have these labels, as Prometheus does: within a bucket they are
 * assumed to be spread evenly. Above the highest bound it returns that bound.
 *
 * @param quantile from 0 to 1
 * @returns in the unit of the histogram; `undefined` without observations
 */
function quantileOf(
  samples: readonly Sample[],
  name: string,
  quantile: number,
  labels: Sample['labels'] = {},
): number | undefined {
  const counts = new Map<number, number>();
  for (const { labels: own, value } of matching(samples, `${name}_bucket`, labels)) {
    const bound = own['le'] === '+Inf' ? Infinity : Number(own['le']);
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  const buckets = [...counts].sort(([one], [other]) => one - other);
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const rank = quantile * total;
  let [lower, below] = [0, 0];
  for (const [bound, upTo] of buckets) {
    if (upTo >= rank && upTo > below) {
      return bound === Infinity ? lower : lower + (bound - lower) * ((rank - below) / (upTo - below));
    }
    [lower, below] = [bound, upTo];
  }
  return lower;
}

/** Summarizes the observations of a histogram of seconds that have these labels; the quantiles are missing without any. */
export function durationsOf(
  samples: readonly Sample[],
  name: string,
  labels: Sample['labels'] = {},
): { readonly count: number; readonly p50Ms?: number; readonly p95Ms?: number } {
  const [p50, p95] = [0.5, 0.95].map((quantile) => quantileOf(samples, name, quantile, labels));
  const count = sumOf(samples, `${name}_count`, labels);
  if (p50 === undefined || p95 === undefined) return { count };
  return { count, p50Ms: Math.round(p50 * 1000), p95Ms: Math.round(p95 * 1000) };
}

function matching(samples: readonly Sample[], name: string, labels: Sample['labels']): readonly Sample[] {
  const wanted = Object.entries(labels);
  return samples.filter(
    (sample) => sample.name === name && wanted.every(([label, text]) => sample.labels[label] === text),
  );
}
