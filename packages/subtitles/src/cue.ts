/** One subtitle: a text and when it is shown. */
export interface SubtitleCue {
  /** From the start of the recording, in milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** Plain text, its lines separated by `\n`. */
  readonly text: string;
  /** The identifier of a WebVTT cue. */
  readonly identifier?: string | undefined;
  /** WebVTT settings such as `line:0 align:start`, or SubRip coordinates such as `X1:40 X2:600`. */
  readonly settings?: string | undefined;
  /** SubRip's `{\an8}`: the position on the screen, by the digits of a numeric keypad. */
  readonly alignment?: number | undefined;
  /** Tags around the whole text, the outermost first: `i`, `b`, `u`, or `c.yellow` of WebVTT. */
  readonly tags?: readonly string[] | undefined;
  /** Who speaks, from a WebVTT voice tag. */
  readonly voice?: string | undefined;
}

export type SubtitleFormat = 'srt' | 'vtt';

/** The content of a subtitle file. */
export interface SubtitleDocument {
  readonly format: SubtitleFormat;
  /** Lines of a WebVTT header after `WEBVTT`, such as `Language: en`. */
  readonly header: readonly string[];
  /** STYLE and REGION blocks of a WebVTT file. */
  readonly blocks: readonly string[];
  /** In the order of the file. */
  readonly cues: readonly SubtitleCue[];
}
