import { sentenceEnd } from '../sentence-ends.ts';

/** The newest text of an open segment, and where its settled sentences end, in UTF-16 units. */
export interface SettledSentences {
  readonly text: string;
  readonly ends: readonly number[];
}

/** A word before a full stop that is probably an abbreviation: "Dr.", "e.g.", "J." */
const abbreviation = /(?:^|[\s\p{Punctuation}])(?:\p{Lu}\p{L}?|Mrs|Prof|Sra|\p{L}|\S+\.\S+)\.$/u;
/** Longer words are no abbreviations. */
const longestAbbreviation = 12;

/**
 * Finds the complete sentences at the beginning of an open segment that two successive revisions have in common, each followed
 * by more text. They can be translated once, apart from the rest, until a revision changes them.
 *
 * @param state `undefined` for the first revision
 * @param stable the prefix of `text` that the recognizer will not change any more, if it says so; replaces the agreement
 */
export function settleSentences(
  state: SettledSentences | undefined,
  { text, stable }: { readonly text: string; readonly stable?: string | undefined },
): SettledSentences {
  const common = commonLength(state?.text ?? '', text);
  const settled = (state?.ends ?? []).filter((end) => end <= common);
  const from = settled.at(-1) ?? 0;
  const agreed = text.slice(from, Math.max(common, stable?.length ?? 0));
  const ends = Array.from(agreed.matchAll(sentenceEnd), (match) => match.index + match[0].length).filter((end) =>
    isFollowed(agreed, end),
  );
  return { text, ends: [...settled, ...ends.map((end) => from + end)] };
}

/** Whether the text after a sentence end begins another sentence. */
function isFollowed(text: string, end: number): boolean {
  // "What?" he said.
  if (!/^\s*[^\p{Ll}\s]/u.test(text.slice(end, end + 4))) return false;
  return !abbreviation.test(text.slice(Math.max(0, end - longestAbbreviation), end));
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
