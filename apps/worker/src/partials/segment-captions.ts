import type { StabilitySetting } from '@parley/protocol';
import type { ShownCaption } from '@parley/redis/log';
import type { SegmentWork, ShownPartial } from '@parley/redis/segment';
import {
  commonLength,
  emptyTally,
  endsSentence,
  maxDueIntervalMs,
  nothingSettled,
  observeSource,
  settleSentences,
  showBeginning,
  stabilize,
  stabilizerState,
  stillSettled,
  tallyRevision,
  type SettledSentences,
  type SourceAgreement,
  type StabilityTally,
  type ShownTranslation,
  type StabilizerState,
} from '@parley/translation';

interface TargetCaption {
  /** The newest revision whose translation was considered; -1: none. */
  readonly revision: number;
  readonly stabilizer: StabilizerState;
  readonly tally: StabilityTally;
  /** Its text and its translation; `undefined` if another thread translated it. */
  readonly source: string | undefined;
  readonly translation: string | undefined;
  readonly settled: SettledSentences;
  /** The newest text whose translation begins with what is shown, without the settled sentences of that time. */
  readonly previous: { readonly text: string; readonly translation: string; readonly settledText: string } | undefined;
  /** From the segment's first partial until something was shown. */
  readonly firstWordMs: number | undefined;
}

const untranslated: TargetCaption = {
  revision: -1,
  stabilizer: stabilizerState(),
  tally: emptyTally,
  translation: undefined,
  source: undefined,
  settled: nothingSettled,
  previous: undefined,
  firstWordMs: undefined,
};

/** What is to be translated of a revision. */
interface OpenPart {
  readonly text: string;
  /** The translation of the text before it, with the white space between them. */
  readonly settledTranslation: string;
  readonly previous: ShownTranslation | undefined;
}

/** What is to be shown of a segment in one language. */
type Caption = Pick<ShownCaption, 'text' | 'concludedLength'>;
export type MeasuredCaption = Caption & Pick<ShownCaption, 'tally'>;
/** What was counted when a caption was published is stored with it. */
type Published = Caption & { readonly counted: Pick<StabilityTally, 'behind' | 'revisions'> };

/** What an open segment shows in each language, and which of its revisions are due for translation. Pure state. */
export class SegmentCaptions {
  #setting: StabilitySetting;
  /** The newest revision observed; it is put again if it has stood for some time. */
  #observed = { revision: -1, atMs: -Infinity, isRepeated: false, text: '', agreedLength: 0 };
  #source: SourceAgreement | undefined;
  #openedAtMs: number | undefined;
  readonly #targets = new Map<string, TargetCaption>();
  readonly #published = new Map<string, Published>();

  /** @param shown what was shown before this thread took the segment, by target */
  constructor(setting: StabilitySetting, shown: ReadonlyMap<string, ShownPartial>) {
    this.#setting = setting;
    for (const [target, { revision, caption: found }] of shown) {
      const { text, concludedLength, tally } = found ?? { text: '', concludedLength: 0, tally: undefined };
      const caption = { concluded: text.slice(0, concludedLength), tentative: text.slice(concludedLength) };
      this.#published.set(target, { text, concludedLength, counted: tally ?? emptyTally });
      this.#targets.set(target, {
        revision,
        stabilizer: stabilizerState(caption),
        tally: { ...emptyTally, ...tally, shown: text, concluded: caption.concluded },
        settled: nothingSettled,
        previous: undefined,
        translation: undefined,
        source: undefined,
        firstWordMs: tally?.firstWordMs,
      });
    }
  }

  /** Applies to the translations from now on; what is concluded stays so. */
  change(setting: StabilitySetting): void {
    this.#setting = setting;
  }

  /** Returns whether a revision is to be translated. The newest one is observed again if it has stood for some time, and is due then. */
  observe({ revision, text, stableLength, metadata }: SegmentWork): boolean {
    const { language, receivedAtMs } = metadata;
    this.#openedAtMs ??= receivedAtMs;
    const isRepeated = revision === this.#observed.revision;
    const atMs = isRepeated ? this.#observed.atMs + maxDueIntervalMs : receivedAtMs;
    const agreedLength = commonLength(this.#observed.text, text);
    this.#observed = { revision, atMs, isRepeated, text, agreedLength };
    if (this.#setting === 'off') return true;
    const stable = stableLength === undefined ? undefined : text.slice(0, stableLength);
    const { state, isDue } = observeSource(this.#source, { text, stable, language, atMs });
    this.#source = state;
    return isDue || isRepeated;
  }

  /**
   * Returns what is to be translated of a revision: all but its settled sentences, except with `off`. `previous` is the last
   * whole translation of that part that begins with what is shown, or was until the beginning of a newer one was added, and except
   * with `off` its text, so that an engine keeps the wording; `undefined` if this thread has none.
   */
  request(target: string, { text }: Pick<SegmentWork, 'text'>): OpenPart {
    const known = this.#targets.get(target);
    const isOff = this.#setting === 'off';
    const settled = isOff ? nothingSettled : stillSettled(known?.settled ?? nothingSettled, text);
    const previous = known?.previous?.settledText === settled.text ? known.previous : undefined;
    return {
      text: text.slice(settled.text.length),
      settledTranslation: settled.translation,
      previous: previous && { translation: previous.translation, ...(isOff ? {} : { text: previous.text }) },
    };
  }

  /** The translation of a revision, if it is the newest that this thread has translated. */
  translationOf(target: string, revision: number): string | undefined {
    const known = this.#targets.get(target);
    return known?.revision === revision ? known.translation : undefined;
  }

  /**
   * Decides what is shown after a translation.
   *
   * @param given with the translation of the settled sentences
   * @param nowMs milliseconds since 1970
   * @returns `overtaken` if a newer revision was considered before; `unchanged` if what is shown stays as it is, unless
   *   the revision is observed again
   */
  translated(
    target: string,
    work: SegmentWork,
    given: string,
    nowMs: number,
  ): MeasuredCaption | 'overtaken' | 'unchanged' {
    const { revision, text, metadata } = work;
    const before = this.#targets.get(target);
    if (before !== undefined && before.revision > revision) return 'overtaken';
    const isNewest = revision === this.#observed.revision;
    const isRepeated = isNewest && this.#observed.isRepeated;
    const translation = this.#setting === 'off' ? given : given.replace(/\s+/gu, ' ').trim();
    const stabilizer = stabilize(this.#setting, before?.stabilizer ?? stabilizerState(), {
      text: translation,
      target,
      isComplete: isRepeated || endsSentence(text),
      atMs: isNewest ? this.#observed.atMs : metadata.receivedAtMs,
    });
    const { concluded, tentative } = stabilizer.caption;
    const shown = concluded + tentative;
    const counted = tallyRevision(before?.tally ?? emptyTally, { shown, concluded, newest: translation }, target);
    const tally =
      isRepeated && before !== undefined
        ? { ...counted, behind: before.tally.behind, revisions: before.tally.revisions }
        : counted;
    const firstWordMs = before?.firstWordMs ?? (shown === '' ? undefined : nowMs - (this.#openedAtMs ?? nowMs));
    const settled = this.#settle(before?.settled, work, translation, shown);
    const previous = translation.startsWith(shown) ? openPartOf(settled, text, translation) : before?.previous;
    const decided = { revision, stabilizer, tally, settled, previous, source: text, translation, firstWordMs };
    this.#targets.set(target, decided);
    const published = this.#published.get(target) ?? { text: '', concludedLength: 0 };
    const isUnchanged = shown === published.text && concluded.length === published.concludedLength;
    if (isUnchanged && !isRepeated && this.#setting !== 'off') return 'unchanged';
    const { erased, behind, revisions } = tally;
    return { text: shown, concludedLength: concluded.length, tally: { erased, behind, revisions, firstWordMs } };
  }

  /** Returns how long the translation of a revision probably is, in UTF-16 units. */
  expectedLength(target: string, { text }: Pick<SegmentWork, 'text'>): number {
    const { source = '', translation } = this.#targets.get(target) ?? untranslated;
    return source === '' || translation === undefined
      ? text.length
      : translation.length * (text.length / source.length);
  }

  /**
   * Decides what is shown of a translation of which only the beginning has arrived. Its revision still counts as not translated.
   *
   * @param given with the translation of the settled sentences
   * @param nowMs milliseconds since 1970
   * @returns `undefined` if what is shown stays as it is
   */
  begun(target: string, work: SegmentWork, given: string, nowMs: number): MeasuredCaption | undefined {
    const before = this.#targets.get(target) ?? untranslated;
    if (before.revision > work.revision) return undefined;
    const stabilizer = showBeginning(this.#setting, before.stabilizer, {
      text: given.replace(/\s+/gu, ' ').trimStart(),
      target,
      isComplete: endsSentence(work.text),
      sourceGrowth: before.source ? work.text.length / before.source.length : undefined,
    });
    if (stabilizer === undefined) return undefined;
    const { concluded, tentative } = stabilizer.caption;
    const text = concluded + tentative;
    const firstWordMs = before.firstWordMs ?? nowMs - (this.#openedAtMs ?? nowMs);
    this.#targets.set(target, { ...before, stabilizer, tally: { ...before.tally, shown: text }, firstWordMs });
    // Words are only added, so nothing is erased, and how far the screen is behind counts with the whole translation.
    const { erased, behind, revisions } = before.tally;
    return { text, concludedLength: concluded.length, tally: { erased, behind, revisions, firstWordMs } };
  }

  /** Settles sentences of a translated revision on which it agrees with the newest one or, if it is that, with the one before. */
  #settle(
    before: SettledSentences | undefined,
    { revision, text, stableLength = 0 }: SegmentWork,
    translation: string,
    shown: string,
  ): SettledSentences {
    if (this.#setting === 'off') return nothingSettled;
    const kept = stillSettled(before ?? nothingSettled, text);
    const settled = translation.startsWith(kept.translation) ? kept : nothingSettled;
    const newest = this.#observed;
    const agreedLength = revision === newest.revision ? newest.agreedLength : commonLength(text, newest.text);
    return settleSentences(settled, { text, agreedLength: Math.max(agreedLength, stableLength), translation, shown });
  }

  /** Records that a caption was published. */
  published(target: string, { text, concludedLength, tally }: MeasuredCaption): void {
    this.#published.set(target, { text, concludedLength, counted: tally ?? emptyTally });
  }

  /** Counts of the revisions that changed nothing after the last caption was published, in all languages. */
  uncounted(): Pick<StabilityTally, 'behind' | 'revisions'> {
    let [behind, revisions] = [0, 0];
    for (const [target, { tally }] of this.#targets) {
      const { counted } = this.#published.get(target) ?? { counted: emptyTally };
      behind += tally.behind - counted.behind;
      revisions += tally.revisions - counted.revisions;
    }
    return { behind, revisions };
  }
}

function openPartOf(settled: SettledSentences, text: string, translation: string): TargetCaption['previous'] {
  return {
    text: text.slice(settled.text.length),
    translation: translation.slice(settled.translation.length),
    settledText: settled.text,
  };
}
