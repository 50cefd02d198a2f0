import type { StabilitySetting } from '@parley/protocol';
import { endsSentence, observeSource, stabilize, stabilizerState, type SourceAgreement } from '@parley/translation';
import { textOf, type Policy } from './policy.ts';

/** Shows what Parley shows in a session with this setting of `stability`. */
export function parleyPolicy(setting: StabilitySetting): Policy {
  return {
    name: setting,
    family: 'parley',
    startSegment({ source, target }, translate) {
      let stabilizer = stabilizerState();
      let agreement: SourceAgreement | undefined;
      let previous: { readonly text: string; readonly translation: string } | undefined;
      return async ({ t: atMs, text }) => {
        const { state, isDue } = observeSource(agreement, { text, language: source, atMs });
        agreement = state;
        if (setting !== 'off' && !isDue) return stabilizer.caption;
        const translation = await translate(text, setting === 'off' ? undefined : previous);
        if (translation === undefined) return stabilizer.caption;
        stabilizer = stabilize(setting, stabilizer, {
          text: translation,
          target,
          isComplete: endsSentence(text),
          atMs,
        });
        // As in the worker: the wording to keep is one that readers see.
        if (translation.startsWith(textOf(stabilizer.caption))) previous = { text, translation };
        return stabilizer.caption;
      };
    },
  };
}
