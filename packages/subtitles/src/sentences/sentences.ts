import { isBlank } from '@parley/protocol';
import type { SubtitleCue } from '../cue.ts';
import { wrapText } from '../text/break-lines.ts';
import { textWidth } from '../text/grapheme-width.ts';
import { distributeText } from './distribute-text.ts';

/** What one cue contributes to a sentence. */
interface SentencePart {
  /** The index of the cue. */
  readonly cue: number;
  /** The dash of a line of dialogue, with its space, or nothing. */
  readonly prefix: string;
  readonly text: string;
}

/** A text to translate as a whole: one or several sentences, which may run over several cues. */
export interface SubtitleSentence {
  readonly text: string;
  readonly parts: readonly SentencePart[];
}

/** A pause longer than this ends a sentence. */
const maxPauseMs = 2000;
/** Bounds for texts without punctuation. */
const [maxParts, maxChars] = [8, 400];

const dash = /^[-–—‐]\s*(?=\S)/;
const sentenceEnd = /[\p{Sentence_Terminal}…\])}♪♫][\p{Quotation_Mark}\p{Close_Punctuation}]*$/u;
/** How a text begins that continues the one before, whatever that ended with: `etc. and so on`, `I was... ...going`. */
const continuation = /^(?:\p{Ll}|…|\.\.)/u;

/**
 * Joins the texts of cues into the sentences that run over them. A sentence ends at its punctuation, before a line of
 * dialogue with a dash, or at a pause of two seconds.
 */
export function sentencesOf(cues: readonly SubtitleCue[]): SubtitleSentence[] {
  const sentences: SentencePart[][] = [];
  for (const part of cues.flatMap(partsOf)) {
    const last = sentences.at(-1);
    if (last !== undefined && continues(last, part, cues)) last.push(part);
    else sentences.push([part]);
  }
  return sentences.map((parts) => ({ parts, text: parts.map(({ text }) => text).join(' ') }));
}

/** The whole text of a cue or, of a dialogue, what each person says. */
function partsOf({ text }: SubtitleCue, cue: number): SentencePart[] {
  if (isBlank(text)) return [];
  const lines = text.split('\n');
  const isDialogue = lines.filter((line) => dash.test(line)).length > 1;
  if (!isDialogue) return [{ cue, prefix: '', text: lines.join(' ') }];
  const parts: SentencePart[] = [];
  for (const line of lines) {
    const prefix = dash.exec(line)?.[0] ?? '';
    const last = parts.at(-1);
    if (last !== undefined && prefix === '') parts[parts.length - 1] = { ...last, text: `${last.text} ${line}` };
    else parts.push({ cue, prefix, text: line.slice(prefix.length) });
  }
  return parts;
}

function continues(parts: readonly SentencePart[], next: SentencePart, cues: readonly SubtitleCue[]): boolean {
  const last = parts.at(-1);
  if (last === undefined || next.prefix !== '' || parts.length >= maxParts) return false;
  const chars = parts.reduce((sum, { text }) => sum + text.length + 1, next.text.length);
  const pauseMs = (cues[next.cue]?.startMs ?? 0) - (cues[last.cue]?.endMs ?? 0);
  if (chars > maxChars || pauseMs > maxPauseMs) return false;
  return !sentenceEnd.test(last.text) || continuation.test(next.text);
}

/**
 * Puts translated sentences in the place of the original ones, each divided over the cues of its sentence in proportion to
 * their texts. Times and settings stay; a cue whose sentences have no translation becomes empty.
 *
 * @param translations the translation of each sentence
 */
export function translateCues(
  cues: readonly SubtitleCue[],
  sentences: readonly SubtitleSentence[],
  translations: readonly (string | undefined)[],
): SubtitleCue[] {
  const lines = cues.map((): string[] => []);
  for (const [index, { parts }] of sentences.entries()) {
    const weights = parts.map(({ text }) => textWidth(text));
    const texts = distributeText(translations[index] ?? '', weights);
    for (const [place, { cue, prefix }] of parts.entries()) {
      const text = texts[place] ?? '';
      if (text !== '') lines[cue]?.push(...wrapText(`${prefix}${text}`));
    }
  }
  return cues.map((cue, index) => ({ ...cue, text: lines[index]?.join('\n') ?? '' }));
}
