import type { LanguageTag } from '@parley/protocol';
import { EngineError } from '@parley/translation';
import { CommandFailure } from '../exit-code.ts';
import { playSegment, type SegmentResult } from './play-segment.ts';
import type { Policy } from './policies/policy.ts';
import type { RecordedSegment } from './segments.ts';
import { Translator, type TranslatorOptions } from './translator.ts';

export interface QualityTrace {
  readonly path: string;
  readonly segments: readonly RecordedSegment[];
}

export interface QualityRun extends Omit<TranslatorOptions, 'source'> {
  readonly traces: readonly QualityTrace[];
  readonly from: LanguageTag;
  readonly to: readonly LanguageTag[];
  readonly policies: readonly Policy[];
}

/** The result of one policy on one trace and target. */
export interface QualityResult {
  readonly path: string;
  readonly target: LanguageTag;
  readonly policy: Policy;
  readonly segments: readonly SegmentResult[];
}

/**
 * Plays all traces through all policies, into all targets.
 *
 * @returns one result for each trace, target and policy, in this order
 * @throws CommandFailure if the engine keeps failing; the reason of the signal once it is aborted
 */
export async function measureQuality({ traces, from, to, policies, ...options }: QualityRun): Promise<QualityResult[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const translator = new Translator({ ...options, source: from, signal });
  const runs = traces.flatMap((trace) =>
    to.flatMap((target) => policies.map((policy) => ({ trace, languages: { source: from, target }, policy }))),
  );
  const played = runs.map(async ({ trace, languages, policy }): Promise<QualityResult> => {
    const playing = trace.segments.map((segment) => playSegment(segment, policy, languages, translator));
    return { path: trace.path, target: languages.target, policy, segments: await Promise.all(playing) };
  });
  try {
    return await Promise.all(played);
  } catch (error) {
    // Otherwise the other segments would go on.
    failed.abort();
    options.signal.throwIfAborted();
    if (!(error instanceof EngineError)) throw error;
    throw new CommandFailure(`the engine failed: ${error.message}`, undefined, { cause: error });
  }
}
