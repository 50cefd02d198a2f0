import type { LanguageTag } from '@parley/protocol';
import { commonUnits, readingUnits } from './reading-units.ts';

/**
 * Returns the erasure of one update: the units shown before that are not in the common prefix with what is shown now. A
 * text that only grows erases nothing, and a word that changes erases everything after it as well.
 *
 * Source: Arivazhagan et al., "Re-Translation Strategies for Long Form, Simultaneous, Spoken Language Translation", 2020
 * (arXiv:1912.03393). The sum over all updates of a segment, divided by the units of its final, is the normalized erasure.
 */
export function erasedUnits(before: string, now: string, language: LanguageTag): number {
  const shown = readingUnits(before, language);
  return shown.length - commonUnits(shown, readingUnits(now, language));
}

/**
 * Returns how many units of the newest revision's translation are not on the screen: those after its common prefix with the
 * shown text. If both differ in the middle, the rest counts as missing, even if some of its words are shown elsewhere. A
 * shown text that contains the whole translation and more is not behind.
 *
 * Showing every translation gives 0, and mask-k (Arivazhagan et al. 2020, arXiv:1912.03393) gives k for texts of at least k
 * units whose beginning does not change.
 */
export function unitsBehind(newest: string, shown: string, language: LanguageTag): number {
  return erasedUnits(newest, shown, language);
}

/**
 * Returns by how many units the shown text is shorter than the newest revision's translation, whatever the words are. Unlike
 * `unitsBehind`, it does not count words that are on the screen but differ.
 */
export function unitsShorter(newest: string, shown: string, language: LanguageTag): number {
  return Math.max(0, readingUnits(newest, language).length - readingUnits(shown, language).length);
}

/**
 * Returns how many units of the final were on the screen when it came. Word order does not matter, but each unit on the
 * screen covers only one of the final. Divided by the units of the final, this is its coverage: how much of it a reader
 * could have read before. This measure is Parley's own.
 */
export function coveredUnits(shown: string, final: string, language: LanguageTag): number {
  const available = new Map<string, number>();
  for (const unit of readingUnits(shown, language)) available.set(unit, (available.get(unit) ?? 0) + 1);
  let covered = 0;
  for (const unit of readingUnits(final, language)) {
    const left = available.get(unit) ?? 0;
    if (left === 0) continue;
    available.set(unit, left - 1);
    covered += 1;
  }
  return covered;
}

/**
 * Updates the times since when each unit on the screen has been there unchanged: the units of the common prefix keep their
 * times, all others get `nowMs`.
 *
 * The times after the final are the delays of its units as defined for re-translation, where a unit counts from the last
 * time that it or one before it changed: Arivazhagan et al., "Re-translation versus Streaming for Simultaneous Translation",
 * 2020 (arXiv:2004.03643).
 *
 * @param sinceMs the times of the units of `before`
 */
export function unchangedSince(
  sinceMs: readonly number[],
  { before, now, nowMs }: { readonly before: string; readonly now: string; readonly nowMs: number },
  language: LanguageTag,
): number[] {
  const units = readingUnits(now, language);
  const common = commonUnits(readingUnits(before, language), units);
  return units.map((_, index) => (index < common ? (sinceMs[index] ?? nowMs) : nowMs));
}

/**
 * Returns the length-adaptive average lagging (LAAL) of a segment in milliseconds: by how much its units are later, on
 * average, than those of an ideal translator whose units are evenly spread over the source. The units after the first one
 * that needed the whole source are left out.
 *
 * Source: Papi et al., "Over-Generation Cannot Be Rewarded: Length-Adaptive Average Lagging for Simultaneous Speech
 * Translation", 2022 (arXiv:2206.05807). Without a reference translation it equals average lagging.
 *
 * @param delaysMs for each unit of the final, when it was on the screen for good, from the beginning of the source
 * @param sourceMs the duration of the source
 * @param referenceUnits the length of a reference translation
 * @returns `undefined` if the final has no units or the source no duration
 */
export function lengthAdaptiveLagMs(
  delaysMs: readonly number[],
  sourceMs: number,
  referenceUnits = 0,
): number | undefined {
  if (delaysMs.length === 0 || sourceMs <= 0) return undefined;
  const idealStepMs = sourceMs / Math.max(delaysMs.length, referenceUnits);
  const first = delaysMs.findIndex((delayMs) => delayMs >= sourceMs);
  const counted = delaysMs.slice(0, first < 0 ? delaysMs.length : first + 1);
  const lags = counted.map((delayMs, index) => delayMs - index * idealStepMs);
  return lags.reduce((sum, lagMs) => sum + lagMs, 0) / lags.length;
}
