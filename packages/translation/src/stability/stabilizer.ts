import type { LanguageTag, StabilitySetting } from '@parley/protocol';
import { commonUnits, firstUnits, readingUnits } from './reading-units.ts';

/** What an open segment shows in one language: the two texts joined as they are. */
export interface Caption {
  /** Only ever extended until the final. */
  readonly concluded: string;
  readonly tentative: string;
}

interface TimedTranslation {
  readonly units: readonly string[];
  readonly atMs: number;
}

/** State of one segment in one language. */
export interface StabilizerState {
  readonly caption: Caption;
  /** The latest translations, newest first. */
  readonly latest: readonly TimedTranslation[];
  /** Whether nothing had been shown before the beginning of a translation that is still being streamed. */
  readonly wasEmpty?: boolean;
}

/** The translation of a revision. */
export interface RevisionTranslation {
  readonly text: string;
  readonly target: LanguageTag;
  /** Whether no more words are expected soon: the source text ends a sentence, or it has not changed for some time. */
  readonly isComplete: boolean;
  /** When the revision was received, in milliseconds of any clock. */
  readonly atMs: number;
}

/** What is required of the beginning of a translation. */
interface Requirement {
  /** How many successive translations must have it, including the newest. */
  readonly translations: number;
  /** The minimum time from the first of them to the newest. */
  readonly spanMs: number;
  /** Number of units at the end that don't belong to it, since the next words of the source usually change them. */
  readonly mask: number;
}

/** Chosen on the recorded talks, see docs/stability.md. */
const concludedIf: Readonly<Record<'balanced' | 'high', Requirement>> = {
  balanced: { translations: 3, spanMs: 1500, mask: 3 },
  high: { translations: 2, spanMs: 150, mask: 2 },
};
const shownIf = { translations: 2, spanMs: 0 };
/** Alternatively, a beginning without this many units is shown. */
const shownMask = 2;
/** While nothing is shown, since readers mind the wait for the first word more than its correction. */
const firstShownMask = 1;
const maxLatest = 10;

/**
 * Returns the state of a segment and language before its first translation, or for a thread that takes over the segment, of which
 * it knows only what is shown.
 */
export function stabilizerState(caption: Caption = { concluded: '', tentative: '' }): StabilizerState {
  return { caption, latest: [] };
}

/**
 * Decides what is shown after the translation of a newer revision.
 *
 * Agreement of successive translations: Liu et al., "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by
 * Partial Hypothesis Selection", 2020 (arXiv:2005.11185); a mask at the end: Arivazhagan et al. 2020 (arXiv:1912.03393).
 */
export function stabilize(
  setting: StabilitySetting,
  { caption, latest: before, wasEmpty = false }: StabilizerState,
  revision: RevisionTranslation,
): StabilizerState {
  const { text, atMs } = revision;
  if (setting === 'off') {
    // There is concluded text if the setting has changed while the segment was open.
    const { concluded } = caption;
    return stabilizerState({
      concluded,
      tentative: continued(concluded, text, revision.target).slice(concluded.length),
    });
  }
  const newest = { units: readingUnits(text, revision.target), atMs };
  const latest = withNewest(before, newest, concludedIf[setting].spanMs);
  const concluded = conclude(caption.concluded, concludedIf[setting], revision, latest);
  const mask = wasEmpty || caption.concluded + caption.tentative === '' ? firstShownMask : shownMask;
  const shown = setting === 'high' ? concluded : show(caption, concluded, revision, { latest, mask });
  return { caption: { concluded, tentative: shown.slice(concluded.length) }, latest };
}

/** The beginning of a translation that is still being streamed. */
export interface StreamedBeginning {
  readonly text: string;
  readonly target: LanguageTag;
  /** Whether the source text ends a sentence, see `RevisionTranslation`. */
  readonly isComplete: boolean;
  /** By which factor the source text is longer than that of the newest translation, if that is known. */
  readonly sourceGrowth: number | undefined;
}

/**
 * Decides which words of a translation are shown before all of it has arrived: those that follow what is on the screen and
 * would be shown if it were as long as expected. The last word may be incomplete and is left out. Nothing is concluded, since
 * the whole reply may turn out to be no translation. So with `high` nothing is shown, nor with `off`, which shows whole
 * translations only.
 *
 * @returns `undefined` if the beginning contradicts what is on the screen, or adds no word to it
 */
export function showBeginning(
  setting: StabilitySetting,
  state: StabilizerState,
  { text, target, isComplete, sourceGrowth = 0 }: StreamedBeginning,
): StabilizerState | undefined {
  if (setting !== 'balanced') return undefined;
  const { caption, latest } = state;
  const shown = caption.concluded + caption.tentative;
  const units = readingUnits(text, target).slice(0, -1);
  const newest = latest[0]?.units ?? [];
  const expected = Math.max(units.length, Math.floor(newest.length * sourceGrowth));
  const wasEmpty = shown === '' || state.wasEmpty === true;
  const unmasked = expected - (wasEmpty ? firstShownMask : shownMask);
  const count = isComplete ? units.length : Math.max(commonUnits(units, newest), unmasked);
  const candidate = firstUnits(text, Math.min(count, units.length), target);
  if (candidate.length <= shown.length || !beginsWith(candidate, shown, target)) return undefined;
  const tentative = candidate.slice(caption.concluded.length);
  return { caption: { ...caption, tentative }, latest, ...(wasEmpty ? { wasEmpty } : {}) };
}

/**
 * Adds the newest translation. Of two older ones that follow each other closely, only what they have in common is kept, so that
 * the limited number of translations spans at least `spanMs`.
 */
function withNewest(before: readonly TimedTranslation[], newest: TimedTranslation, spanMs: number): TimedTranslation[] {
  const [, later, earlier] = before;
  // The newest two are kept as they are, and the rest has one interval fewer than translations.
  const minIntervalMs = spanMs / (maxLatest - 3);
  if (later === undefined || earlier === undefined || later.atMs - earlier.atMs >= minIntervalMs) {
    return [newest, ...before].slice(0, maxLatest);
  }
  const common = commonUnits(later.units, earlier.units);
  const merged = { units: later.units.slice(0, common), atMs: earlier.atMs };
  return [newest, ...before.slice(0, 1), merged, ...before.slice(3)];
}

/** Extends the concluded text, unless the translation no longer begins with it. */
function conclude(
  concluded: string,
  requirement: Requirement,
  { text, target, isComplete }: RevisionTranslation,
  latest: readonly TimedTranslation[],
): string {
  const length = readingUnits(text, target).length;
  const agreed = agreedUnits(latest, requirement);
  const candidate = firstUnits(text, Math.min(agreed, isComplete ? length : length - requirement.mask), target);
  return beginsWith(candidate, concluded, target) ? candidate : concluded;
}

/** Returns what is shown, beginning with the concluded text. */
function show(
  { concluded: concludedBefore, tentative }: Caption,
  concluded: string,
  { text, target, isComplete }: RevisionTranslation,
  { latest, mask }: { readonly latest: readonly TimedTranslation[]; readonly mask: number },
): string {
  const shown = concludedBefore + tentative;
  const shownUnits = readingUnits(shown, target);
  const whole = continued(concluded, text, target);
  const units = readingUnits(whole, target);
  const agreed = agreedUnits(latest, shownIf);
  const count = isComplete ? units.length : Math.max(agreed, units.length - mask);
  const candidate = longer(firstUnits(whole, count, target), concluded);
  const common = commonUnits(shownUnits, readingUnits(candidate, target));
  if (common === shownUnits.length || isComplete || !beginsWith(shown, concluded, target)) return candidate;
  return agreed > common ? candidate : shown;
}

/**
 * Returns the translation if it begins with the concluded text; otherwise the concluded text, followed by the units of the
 * translation that come after as many as it has.
 */
function continued(concluded: string, text: string, target: LanguageTag): string {
  if (beginsWith(text, concluded, target)) return text;
  const rest = text.slice(firstUnits(text, readingUnits(concluded, target).length, target).length);
  return concluded + rest;
}

/** Returns how many units at the beginning of the newest translation are in as many translations as required; 0 if there are fewer. */
function agreedUnits(
  latest: readonly TimedTranslation[],
  { translations, spanMs }: Pick<Requirement, 'translations' | 'spanMs'>,
): number {
  const [newest] = latest;
  if (newest === undefined) return 0;
  let agreed = newest.units.length;
  for (const [index, { units, atMs }] of latest.entries()) {
    agreed = Math.min(agreed, commonUnits(newest.units, units));
    if (index + 1 >= translations && newest.atMs - atMs >= spanMs) return agreed;
  }
  return 0;
}

/** Whether a text begins with the units of another, and with the same characters. */
function beginsWith(text: string, beginning: string, target: LanguageTag): boolean {
  return text.startsWith(beginning) && firstUnits(text, readingUnits(beginning, target).length, target) === beginning;
}

function longer(one: string, other: string): string {
  return one.length >= other.length ? one : other;
}
