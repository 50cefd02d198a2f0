import type { SubtitleCue, SubtitleFormat } from '../cue.ts';
import { readMarkup } from './cue-markup.ts';
import type { CueTimes } from './cue-times.ts';
import type { FileLine } from './file-lines.ts';
import { SubtitleError } from './subtitle-error.ts';

const maxCues = 100_000;
const maxCueChars = 5000;

interface UnfinishedCue {
  readonly times: CueTimes;
  readonly identifier: string | undefined;
  readonly lines: string[];
  chars: number;
}

/** Collects the cues of a file. */
export class CueCollector {
  readonly #cues: UnfinishedCue[] = [];

  get isEmpty(): boolean {
    return this.#cues.length === 0;
  }

  /** @throws SubtitleError if there are too many */
  start(times: CueTimes, identifier: string | undefined, { number }: FileLine): void {
    if (this.#cues.length === maxCues) throw new SubtitleError(`at most ${maxCues} cues are allowed`, number);
    this.#cues.push({ times, identifier, lines: [], chars: 0 });
  }

  /**
   * Adds a line to the text of the newest cue.
   *
   * @throws SubtitleError if there is none, or its text is too long
   */
  addLine({ number, text }: FileLine): void {
    const cue = this.#cues.at(-1);
    if (cue === undefined)
      throw new SubtitleError(`expected the times of a cue, found "${text.trim().slice(0, 40)}"`, number);
    cue.chars += text.length + 1;
    if (cue.chars > maxCueChars)
      throw new SubtitleError(`the text of a cue may have at most ${maxCueChars} characters`, number);
    cue.lines.push(text);
  }

  finish(format: SubtitleFormat): SubtitleCue[] {
    return this.#cues.map(({ times: { startMs, endMs, settings }, identifier, lines }) => ({
      startMs,
      endMs,
      ...(identifier === undefined ? {} : { identifier }),
      ...(settings === '' ? {} : { settings }),
      ...readMarkup(lines.join('\n'), format),
    }));
  }
}
