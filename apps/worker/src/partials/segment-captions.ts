import type { StabilitySetting } from '@parley/protocol';
import type { ShownCaption } from '@parley/redis/log';
import type { SegmentWork, ShownPartial } from '@parley/redis/segment';
import {
  emptyTally,
  endsSentence,
  maxDueIntervalMs,
  observeSource,
  settleSentences,
  stabilize,
  stabilizerState,
  tallyRevision,
  type SourceAgreement,
  type StabilityTally,
  type SettledSentences,
  type ShownTranslation,
  type StabilizerState,
  type TranslationResult,
} from '@parley/translation';

interface TargetCaption {
  /** The newest revision whose translation was considered; -1: none. */
  readonly revision: number;
  readonly stabilizer: StabilizerState;
  readonly tally: StabilityTally;
  /** Its translation; `undefined` if another thread translated it. */
  readonly translation: string | undefined;
  /** The newest text whose translation begins with what is shown, or what follows its settled sentences, which end at `from`. */
  readonly previous: { readonly text: string; readonly translation: string; readonly from: number } | undefined;
  /** From the segment's first partial until something was shown. */
  readonly firstWordMs: number | undefined;
}

/** What is to be shown of a segment in one language. */
type Caption = Pick<ShownCaption, 'text' | 'concludedLength'>;
type MeasuredCaption = Caption & Pick<ShownCaption, 'tally'>;

/** What an open segment shows in each language, and which of its revisions are due for translation. Pure state. */
export class SegmentCaptions {
  #setting: StabilitySetting;
  /** The newest revision observed; it is put again if it has stood for some time. */
  #observed = { revision: -1, atMs: -Infinity, isRepeated: false };
  #source: SourceAgreement | undefined;
  #sentences: SettledSentences | undefined;
  #openedAtMs: number | undefined;
  readonly #targets = new Map<string, TargetCaption>();
  readonly #published = new Map<string, Caption>();

  /** @param shown what was shown before this thread took the segment, by target */
  constructor(setting: StabilitySetting, shown: ReadonlyMap<string, ShownPartial>) {
    this.#setting = setting;
    for (const [target, { revision, caption: found }] of shown) {
      const { text, concludedLength, tally } = found ?? { text: '', concludedLength: 0, tally: undefined };
      const caption = { concluded: text.slice(0, concludedLength), tentative: text.slice(concludedLength) };
      this.#published.set(target, { text, concludedLength });
      this.#targets.set(target, {
        revision,
        stabilizer: stabilizerState(caption),
        tally: { ...emptyTally, ...tally, shown: text, concluded: caption.concluded },
        previous: undefined,
        translation: undefined,
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
    this.#observed = { revision, atMs, isRepeated };
    if (this.#setting === 'off') return true;
    const stable = stableLength === undefined ? undefined : text.slice(0, stableLength);
    const { state, isDue } = observeSource(this.#source, { text, stable, language, atMs });
    this.#source = state;
    this.#sentences = settleSentences(this.#sentences, { text, stable });
    return isDue || isRepeated;
  }

  /** Where the sentences of the newest revision end that are to be translated apart. */
  get settledEnds(): readonly number[] {
    return this.#setting === 'off' ? [] : (this.#sentences?.ends ?? []);
  }

  /**
   * The last translation that begins with what is shown, and its text, so that an engine keeps the wording, except with
   * `off`; only what follows the settled sentences, if there are any. `undefined` if this thread has none.
   */
  previous(target: string): ShownTranslation | undefined {
    const previous = this.#targets.get(target)?.previous;
    if (previous === undefined || previous.from !== (this.settledEnds.at(-1) ?? 0)) return undefined;
    const { text, translation } = previous;
    return this.#setting === 'off' ? { translation } : { text, translation };
  }

  /** The translation of a revision, if it is the newest that this thread has translated. */
  translationOf(target: string, revision: number): string | undefined {
    const known = this.#targets.get(target);
    return known?.revision === revision ? known.translation : undefined;
  }

  /**
   * Decides what is shown after a translation.
   *
   * @param nowMs milliseconds since 1970
   * @returns `overtaken` if a newer revision was considered before; `unchanged` if what is shown stays as it is, unless
   *   the revision is observed again
   */
  translated(
    target: string,
    { revision, text, metadata }: SegmentWork,
    { text: translation, openSentence }: Pick<TranslationResult, 'text' | 'openSentence'>,
    nowMs: number,
  ): MeasuredCaption | 'overtaken' | 'unchanged' {
    const before = this.#targets.get(target);
    if (before !== undefined && before.revision > revision) return 'overtaken';
    const isNewest = revision === this.#observed.revision;
    const isRepeated = isNewest && this.#observed.isRepeated;
    const stabilizer = stabilize(this.#setting, before?.stabilizer ?? stabilizerState(), {
      text: translation,
      target,
      isComplete: isRepeated || endsSentence(text),
      atMs: isNewest ? this.#observed.atMs : metadata.receivedAtMs,
    });
    const { concluded, tentative } = stabilizer.caption;
    const shown = concluded + tentative;
    const tally = tallyRevision(before?.tally ?? emptyTally, { shown, concluded, newest: translation }, target);
    const firstWordMs = before?.firstWordMs ?? (shown === '' ? undefined : nowMs - (this.#openedAtMs ?? nowMs));
    const previous = translation.startsWith(shown)
      ? (openSentence ?? { text, translation, from: 0 })
      : before?.previous;
    this.#targets.set(target, { revision, stabilizer, tally, previous, translation, firstWordMs });
    const published = this.#published.get(target) ?? { text: '', concludedLength: 0 };
    const isUnchanged = shown === published.text && concluded.length === published.concludedLength;
    if (isUnchanged && !isRepeated && this.#setting !== 'off') return 'unchanged';
    const { erased, behind, revisions } = tally;
    return { text: shown, concludedLength: concluded.length, tally: { erased, behind, revisions, firstWordMs } };
  }

  /** Records that a caption was published. */
  published(target: string, { text, concludedLength }: Caption): void {
    this.#published.set(target, { text, concludedLength });
  }
}
