import type { StabilitySetting } from '@parley/protocol';
import { Histogram } from 'prom-client';
import { latencyBucketsSeconds } from './buckets.ts';
import type { MetricsRegistry } from './metrics-registry.ts';

/**
 * How still the caption of one segment and target was until its final. A unit is a word, or a grapheme in a language written
 * without spaces. Measures that are `undefined` are not observed.
 */
export interface CaptionMeasures {
  /** Units erased for each unit of the final, including the step to the final. */
  readonly normalizedErasure: number | undefined;
  /** The part of `normalizedErasure` that the step to the final caused. */
  readonly finalErasure: number | undefined;
  /** Units of the newest revision's translation that were not shown, the mean over revisions. */
  readonly unitsBehind: number | undefined;
  /** The share of the final's units that were shown when it came. */
  readonly coverage: number | undefined;
  /** The share of the concluded units that the final contradicts. */
  readonly contradicted: number | undefined;
  /** Time from the arrival of the segment's first partial until the first unit was shown; `undefined` if none was. */
  readonly firstWordMs?: number | undefined;
}

/** From a steady caption (below 0.1) to one that rewrites each word several times. */
const erasureBuckets = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5];

/** Finest between 1 and 3 units, where the settings differ. */
const unitsBehindBuckets = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 20];

/** Finest near 1. */
const coverageBuckets = [0, 0.25, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1];

/** Finest near 0; a segment has about 20 units, so the smallest share above it is about 0.05. */
const contradictedBuckets = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1];

/** Creates the histograms of captions, and returns the function that observes one caption. */
export function createCaptionHistograms(
  registry: MetricsRegistry,
): (setting: StabilitySetting, measures: CaptionMeasures) => void {
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({
      name: `parley_worker_caption_${name}`,
      help: `${help}, by the session's stability setting.`,
      labelNames: ['stability'],
      buckets,
      registers: [registry],
    });
  const erasure = histogram(
    'erasure_ratio',
    'Units of a caption erased for each unit of its final (normalized erasure)',
    erasureBuckets,
  );
  const finalErasure = histogram(
    'final_erasure_ratio',
    'Units of a caption erased by its final, for each unit of the final',
    erasureBuckets,
  );
  const behind = histogram(
    'behind_units',
    "Units of the newest revision's translation that were not shown, the mean over a caption's revisions",
    unitsBehindBuckets,
  );
  const coverage = histogram(
    'coverage_ratio',
    "Share of a final's units that were shown when it came",
    coverageBuckets,
  );
  const contradicted = histogram(
    'contradicted_ratio',
    "Share of a caption's concluded units that its final contradicts",
    contradictedBuckets,
  );
  const firstWord = histogram(
    'first_word_seconds',
    "Time from the arrival of a segment's first partial until the first unit of its caption was shown",
    latencyBucketsSeconds,
  );
  return (stability, measures) => {
    const observe = (to: Histogram<'stability'>, value: number | undefined): void => {
      if (value !== undefined) to.observe({ stability }, value);
    };
    observe(erasure, measures.normalizedErasure);
    observe(finalErasure, measures.finalErasure);
    observe(behind, measures.unitsBehind);
    observe(coverage, measures.coverage);
    observe(contradicted, measures.contradicted);
    observe(firstWord, measures.firstWordMs === undefined ? undefined : measures.firstWordMs / 1000);
  };
}
