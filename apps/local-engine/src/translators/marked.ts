import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';
import { originalWording } from './wording.ts';
import type { Translator } from './translator.ts';

/** The source of a marked text. */
interface UnmarkedTranslation {
  readonly target: LanguageTag;
  readonly text: string;
}

const mark = /^\[([A-Za-z0-9-]{1,35})(?:, (simulated|reworded))?\](?: (.*))?$/s;

/**
 * Returns a placeholder for a translation: `[es] Good morning everyone.` Deterministic, and reversed by `unmarkTranslation`.
 *
 * @param remark `simulated` if it replaces an unavailable translation, `reworded` if the text was changed by `reword`
 */
export function markTranslation(text: string, target: LanguageTag, remark?: 'simulated' | 'reworded'): string {
  return `[${remark === undefined ? target : `${target}, ${remark}`}] ${text}`;
}

/** Returns the source and target of a marked text; `undefined` for any other text. Only one mark is removed. */
export function unmarkTranslation(marked: string): UnmarkedTranslation | undefined {
  const [, tag, remark, text = ''] = mark.exec(marked) ?? [];
  const target = tag === undefined ? undefined : canonicalLanguageTag(tag);
  return target === undefined ? undefined : { target, text: remark === 'reworded' ? originalWording(text) : text };
}

/**
 * Marks texts instead of translating them, for any language pair and at almost no cost: for load and for tests of order.
 *
 * @param isRequested false if it replaces a missing translator; each output is then labeled as simulated
 */
export function markedTranslator({ isRequested }: { isRequested: boolean }): Translator {
  return {
    model: 'marked',
    simulated: true,
    languagePairs: undefined,
    usesPrevious: false,
    ready: true,
    translate: ({ text, target }) =>
      Promise.resolve(markTranslation(text, target, isRequested ? undefined : 'simulated')),
    close: () => Promise.resolve(),
  };
}
