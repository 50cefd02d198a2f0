import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';
import { originalWording } from './wording.ts';
import type { Translator } from './translator.ts';

/** What a marked stand-in was made of. */
interface UnmarkedTranslation {
  readonly target: LanguageTag;
  readonly text: string;
}

const mark = /^\[([A-Za-z0-9-]{1,35})(?:, (simulated|reworded))?\](?: (.*))?$/s;

/**
 * Stands in for a translation: `[es] Good morning everyone.` Deterministic, and undone by `unmarkTranslation`.
 *
 * @param remark what else there is to say of it: it replaces a translation that can't be had, or `reword` was at its text
 */
export function markTranslation(text: string, target: LanguageTag, remark?: 'simulated' | 'reworded'): string {
  return `[${remark === undefined ? target : `${target}, ${remark}`}] ${text}`;
}

/** The text and target that a marked stand-in was made of; `undefined` for any other text. Only one mark is undone. */
export function unmarkTranslation(marked: string): UnmarkedTranslation | undefined {
  const [, tag, remark, text = ''] = mark.exec(marked) ?? [];
  const target = tag === undefined ? undefined : canonicalLanguageTag(tag);
  return target === undefined ? undefined : { target, text: remark === 'reworded' ? originalWording(text) : text };
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
    translate: ({ text, target }) => Promise.resolve(markTranslation(text, target, asked ? undefined : 'simulated')),
    close: () => Promise.resolve(),
  };
}
