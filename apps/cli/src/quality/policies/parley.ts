import type { StabilitySetting } from '@parley/protocol';
import {
  endsSentence,
  isUnspaced,
  observeSource,
  settleSentences,
  stabilize,
  stabilizerState,
  type SettledSentences,
  type SourceAgreement,
} from '@parley/translation';
import { textOf, type Policy } from './policy.ts';

/** Shows what Parley shows in a session with this setting of `stability`. */
export function parleyPolicy(setting: StabilitySetting): Policy {
  return {
    name: setting,
    family: 'parley',
    startSegment({ source, target }, translate) {
      const gap = isUnspaced(target) ? '' : ' ';
      let stabilizer = stabilizerState();
      let agreement: SourceAgreement | undefined;
      let sentences: SettledSentences | undefined;
      let previous: { readonly text: string; readonly translation: string; readonly from: number } | undefined;
      return async ({ t: atMs, text }) => {
        const { state, isDue } = observeSource(agreement, { text, language: source, atMs });
        agreement = state;
        sentences = settleSentences(sentences, { text });
        if (setting !== 'off' && !isDue) return stabilizer.caption;
        // As in the worker: settled sentences are translated once, and the wording to keep is one that readers see.
        const ends = setting === 'off' ? [] : sentences.ends;
        const from = ends.at(-1) ?? 0;
        const open = text.slice(from).trim();
        const settled = ends.map((end, index) => translate(text.slice(ends[index - 1] ?? 0, end).trim()));
        const known = setting !== 'off' && previous?.from === from ? previous : undefined;
        const parts = await Promise.all([...settled, translate(open, known)]);
        if (parts.includes(undefined)) return stabilizer.caption;
        const translation = parts.join(gap);
        stabilizer = stabilize(setting, stabilizer, {
          text: translation,
          target,
          isComplete: endsSentence(text),
          atMs,
        });
        if (translation.startsWith(textOf(stabilizer.caption))) {
          previous = { text: open, translation: parts.at(-1) ?? '', from };
        }
        return stabilizer.caption;
      };
    },
  };
}
