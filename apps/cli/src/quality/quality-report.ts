import { basename } from 'node:path';
import { stabilityMeasures, sumCounts, type StabilityCounts, type StabilityMeasures } from '@parley/translation';
import type { QualityResult } from './measure-quality.ts';

/** The figures of one policy for one target, over one or more traces. */
export interface QualityFigures extends StabilityMeasures {
  /** A file, or the kind of several: `*.stream.jsonl`. */
  readonly traces: string;
  readonly target: string;
  readonly policy: string;
  readonly family: string;
  readonly segments: number;
  /** By how many units the shown text is shorter than the newest revision's translation, the mean over revisions. */
  readonly unitsShorter: number | undefined;
  /** Mean time from the first revision of a segment to the first word on the screen. */
  readonly firstUnitMs: number | undefined;
  /** Mean length-adaptive average lagging. */
  readonly lagMs: number | undefined;
  /** Different texts that the policy had translated in each trace, the finals included. */
  readonly calls: number;
  readonly tokens: number;
  readonly counts: StabilityCounts;
}

/** The result of a measurement, as written with `--json`. */
export interface QualityReport {
  readonly engine: string;
  readonly from: string;
  /** Over all traces of a kind, which is what their file names have after the first dot. */
  readonly kinds: readonly QualityFigures[];
  readonly files: readonly QualityFigures[];
}

/** Computes the figures of each trace and of each kind of traces. */
export function createQualityReport(
  results: readonly QualityResult[],
  run: Pick<QualityReport, 'engine' | 'from'>,
): QualityReport {
  const perFile = (result: QualityResult): string => result.path;
  return { ...run, kinds: figuresBy(results, kindOf), files: figuresBy(results, perFile) };
}

function kindOf({ path }: QualityResult): string {
  return basename(path).replace(/^[^.]*/, '*');
}

function figuresBy(
  results: readonly QualityResult[],
  groupOf: (result: QualityResult) => string,
): readonly QualityFigures[] {
  const groups = Map.groupBy(results, (result) => JSON.stringify([groupOf(result), result.target, result.policy.name]));
  const figures = [...groups.values()].map((group) => figuresOf(group, groupOf));
  const order = [...new Set(results.map(groupOf))];
  return order.flatMap((traces) => figures.filter((one) => one.traces === traces)).map(withFileName(results, groupOf));
}

/** Names a group of one file by the file. */
function withFileName(
  results: readonly QualityResult[],
  groupOf: (result: QualityResult) => string,
): (figures: QualityFigures) => QualityFigures {
  return (figures) => {
    const paths = new Set(results.filter((result) => groupOf(result) === figures.traces).map(({ path }) => path));
    const [only, ...others] = paths;
    return only === undefined || others.length > 0 ? figures : { ...figures, traces: basename(only) };
  };
}

function figuresOf(group: readonly QualityResult[], groupOf: (result: QualityResult) => string): QualityFigures {
  const [first] = group;
  if (first === undefined) throw new RangeError('a group has at least one result');
  const segments = group.flatMap((result) => result.segments);
  const counts = sumCounts(segments.map((segment) => segment.counts));
  const shorter = segments.reduce((sum, segment) => sum + segment.unitsShorter, 0);
  const requests = group.flatMap((result) => {
    const all = result.segments.flatMap((segment) => segment.requests);
    return [...new Map(all.map((request) => [request.key, request])).values()];
  });
  return {
    traces: groupOf(first),
    target: first.target,
    policy: first.policy.name,
    family: first.policy.family,
    segments: segments.length,
    ...stabilityMeasures(counts),
    unitsShorter: counts.revisions === 0 ? undefined : shorter / counts.revisions,
    firstUnitMs: meanOf(segments.map(({ firstUnitMs }) => firstUnitMs)),
    lagMs: meanOf(segments.map(({ lagMs }) => lagMs)),
    calls: requests.length,
    tokens: requests.reduce((sum, { tokens }) => sum + tokens, 0),
    counts,
  };
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
