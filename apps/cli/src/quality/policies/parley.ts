import type { StabilitySetting } from '@parley/protocol';
import {
  commonLength,
  endsSentence,
  nothingSettled,
  observeSource,
  settleSentences,
  stabilize,
  stabilizerState,
  stillSettled,
  type SourceAgreement,
} from '@parley/translation';
import { textOf, type Policy } from './policy.ts';

/** Shows what Parley shows in a session with this setting of `stability`. */
export function parleyPolicy(setting: StabilitySetting): Policy {
  return {
    name: setting,
    family: 'parley',
    startSegment({ source, target }, translate) {
      let stabilizer = stabilizerState();
      let agreement: SourceAgreement | undefined;
      let settled = nothingSettled;
      let previous: { readonly text: string; readonly translation: string } | undefined;
      let before = '';
      return async ({ t: atMs, text }) => {
        const { state, isDue } = observeSource(agreement, { text, language: source, atMs });
        agreement = state;
        const agreedLength = commonLength(before, text);
        before = text;
        if (setting !== 'off' && !isDue) return stabilizer.caption;
        // As in the worker: settled sentences are not translated again, and the wording to keep is one that readers see.
        const kept = stillSettled(settled, text);
        if (kept !== settled) previous = undefined;
        const open = await translate(text.slice(kept.text.length), previous);
        if (open === undefined) return stabilizer.caption;
        const translation = kept.translation + open;
        stabilizer = stabilize(setting, stabilizer, {
          text: translation,
          target,
          isComplete: endsSentence(text),
          atMs,
        });
        if (setting === 'off') return stabilizer.caption;
        const display = kept === nothingSettled ? stabilizer.caption : { ...stabilizer.caption, translation };
        const shown = textOf(stabilizer.caption);
        settled = settleSentences(kept, { text, agreedLength, translation, shown });
        if (translation.startsWith(shown)) {
          previous = {
            text: text.slice(settled.text.length),
            translation: translation.slice(settled.translation.length),
          };
        } else if (settled !== kept) {
          previous = undefined;
        }
        return display;
      };
    },
  };
}
