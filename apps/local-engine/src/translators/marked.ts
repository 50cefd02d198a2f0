import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';
import type { Translator } from './translator.ts';

/** What a marked stand-in was made of. */
interface UnmarkedTranslation {
  readonly target: LanguageTag;
  readonly text: string;
}

const mark = /^\[([A-Za-z0-9-]{1,35})(?:, simulated)?\](?: (.*))?$/s;

/** Stands in for a translation: `[es] Good morning everyone.` Deterministic, and undone by `unmarkTranslation`. */
export function markTranslation(text: string, target: LanguageTag): string {
  return `[${target}] ${text}`;
}

/** The text and target that a marked stand-in was made of; `undefined` for any other text. Only one mark is undone. */
export function unmarkTranslation(marked: string): UnmarkedTranslation | undefined {
  const [, tag, text = ''] = mark.exec(marked) ?? [];
  const target = tag === undefined ? undefined : canonicalLanguageTag(tag);
  return target === undefined ? undefined : { target, text };
}

/**
 * Marks instead of translating, between any languages and at next to no cost: for load and for tests of order.
 *
 * @param asked false where it replaces a real translator that is missing: then each output says that it is simulated
 */
export function markedTranslator({ asked }: { asked: boolean }): Translator {
  return {
    model: 'marked',
    simulated: true,
    languagePairs: undefined,
    ready: true,
    translate: ({ text, target }) =>
      Promise.resolve(asked ? markTranslation(text, target) : `[${target}, simulated] ${text}`),
    close: () => Promise.resolve(),
  };
}
