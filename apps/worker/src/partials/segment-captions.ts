import type { StabilitySetting } from '@parley/protocol';
import type { PartialResult } from '@parley/redis/log';
import type { SegmentWork, ShownPartial } from '@parley/redis/segment';
import {
  emptyTally,
  endsSentence,
  observeSource,
  stabilize,
  stabilizerState,
  tallyRevision,
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
  /** The text of that revision and its translation; `undefined` if another thread translated it. */
  readonly previous: { readonly text: string; readonly translation: string } | undefined;
  readonly translations: number;
  /** From the segment's first partial until something was shown. */
  readonly firstWordMs: number | undefined;
}

/** What is to be shown of a segment in one language. */
type Shown = Pick<PartialResult & { type: 'partial' }, 'text' | 'concludedLength' | 'tally'>;

/** What an open segment shows in each language, and which of its revisions are due for translation. Pure state. */
export class SegmentCaptions {
  readonly #setting: StabilitySetting;
  #source: SourceAgreement | undefined;
  #openedAtMs: number | undefined;
  readonly #targets = new Map<string, TargetCaption>();

  /** @param shown what was shown before this thread took the segment, by target */
  constructor(setting: StabilitySetting, shown: ReadonlyMap<string, ShownPartial>) {
    this.#setting = setting;
    for (const [target, { revision, caption: found }] of shown) {
      const { text, concludedLength, tally } = found ?? { text: '', concludedLength: 0, tally: undefined };
      const caption = { concluded: text.slice(0, concludedLength), tentative: text.slice(concludedLength) };
      this.#targets.set(target, {
        revision,
        stabilizer: stabilizerState(caption),
        tally: { ...emptyTally, ...tally, shown: text, concluded: caption.concluded },
        previous: undefined,
        translations: 0,
        firstWordMs: tally?.firstWordMs,
      });
    }
  }

  /** Returns whether a revision is to be translated. One that is still the newest may be observed again, and is due then. */
  observe({ text, stableLength, metadata }: SegmentWork): boolean {
    this.#openedAtMs ??= metadata.receivedAtMs;
    if (this.#setting === 'off') return true;
    const stable = stableLength === undefined ? undefined : text.slice(0, stableLength);
    const { language, receivedAtMs } = metadata;
    const { state, isDue } = observeSource(this.#source, { text, stable, language, atMs: receivedAtMs });
    this.#source = state;
    return isDue;
  }

  /**
   * The last translation, and the text of which an engine should keep the wording, except with `off`; `undefined` if this
   * thread has translated nothing.
   */
  previous(target: string): ShownTranslation | undefined {
    const previous = this.#targets.get(target)?.previous;
    return this.#setting === 'off' ? previous && { translation: previous.translation } : previous;
  }

  /**
   * Decides what is shown after a translation.
   *
   * @param nowMs milliseconds since 1970
   * @returns `overtaken` if a newer revision was considered before; `nothing-yet` if nothing can be shown before another
   * translation
   */
  translated(
    target: string,
    { revision, text, metadata }: SegmentWork,
    translation: string,
    nowMs: number,
  ): Shown | 'overtaken' | 'nothing-yet' {
    const before = this.#targets.get(target);
    if (before !== undefined && before.revision > revision) return 'overtaken';
    const stabilizer = stabilize(this.#setting, before?.stabilizer ?? stabilizerState(), {
      text: translation,
      target,
      endsSentence: endsSentence(text),
      atMs: metadata.receivedAtMs,
    });
    const { concluded, tentative } = stabilizer.caption;
    const shown = concluded + tentative;
    const tally = tallyRevision(before?.tally ?? emptyTally, { shown, concluded, newest: translation }, target);
    const translations = (before?.translations ?? 0) + 1;
    const firstWordMs = before?.firstWordMs ?? (shown === '' ? undefined : nowMs - (this.#openedAtMs ?? nowMs));
    const previous = { text, translation };
    this.#targets.set(target, { revision, stabilizer, tally, previous, translations, firstWordMs });
    if (shown === '' && translation !== '' && translations === 1) return 'nothing-yet';
    const { erased, behind, revisions } = tally;
    return { text: shown, concludedLength: concluded.length, tally: { erased, behind, revisions, firstWordMs } };
  }
}
