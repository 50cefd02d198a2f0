import type { Client } from '@parley/client';
import { sentencesOf, translateCues, type SubtitleCue, type SubtitleSentence } from '@parley/subtitles';
import type { InputLine } from '../input-lines.ts';
import { translateLines } from '../translate-lines.ts';
import type { Progress } from './progress-bar.ts';

export interface TranslateCuesOptions {
  readonly from: string;
  readonly to: readonly string[];
  /** How long to wait for the next translation while any is outstanding. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly openProgress: (total: number) => Progress;
}

export interface TranslatedCues {
  /** The cues in each language. Those whose sentence could not be translated are empty. */
  readonly cues: ReadonlyMap<string, readonly SubtitleCue[]>;
  /** How many translations are missing. */
  readonly missing: number;
}

/**
 * Translates cues sentence by sentence, in a session of class `bulk`, and puts the translations in their place.
 *
 * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export async function translateSubtitles(
  client: Client,
  cues: readonly SubtitleCue[],
  { from, to, timeoutMs, signal, openProgress }: TranslateCuesOptions,
): Promise<TranslatedCues> {
  const sentences = sentencesOf(cues);
  const translations = new Map(to.map((language) => [language, new Map<number, string>()]));
  using progress = openProgress(sentences.length * to.length);
  const nameOf = (segmentId: number): string => describePlace(cues, sentences[segmentId - 1]);
  let missing = 0;
  await translateLines(client, () => linesOf(sentences), {
    from,
    to,
    timeoutMs,
    signal,
    session: { class: 'bulk' },
    onResult: (result) => {
      if (result.type === 'translation.final') {
        translations.get(result.targetLanguage)?.set(result.segmentId - 1, result.text);
      } else {
        missing += 1;
        progress.note(`parley: ${nameOf(result.segmentId)} into ${result.targetLanguage}: ${result.message}`);
      }
      progress.advance();
    },
    onRefused: (segmentId, error) => {
      missing += to.length;
      progress.note(`parley: ${nameOf(segmentId)} was not translated: ${error.message}`);
      progress.advance(to.length);
    },
  });
  const cuesIn = ([language, texts]: readonly [string, ReadonlyMap<number, string>]) =>
    [
      language,
      translateCues(
        cues,
        sentences,
        sentences.map((_sentence, index) => texts.get(index)),
      ),
    ] as const;
  return { cues: new Map(Array.from(translations, cuesIn)), missing };
}

// eslint-disable-next-line @typescript-eslint/require-await -- `translateLines` reads lines that arrive over time.
async function* linesOf(sentences: readonly SubtitleSentence[]): AsyncGenerator<InputLine> {
  for (const [index, { text }] of sentences.entries()) yield { number: index + 1, text, length: text.length };
}

function describePlace(cues: readonly SubtitleCue[], sentence: SubtitleSentence | undefined): string {
  const startMs = cues[sentence?.parts[0]?.cue ?? 0]?.startMs ?? 0;
  return `the subtitle at ${new Date(startMs).toISOString().slice(11, 19)}`;
}
