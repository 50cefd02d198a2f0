import { stabilize, type Stability, type StabilizerState } from '@parley/translation';
import { emptyDisplay, textOf, type Policy } from './policy.ts';

/** Shows what Parley shows in a session with this setting of `stability`. */
export function parleyPolicy(setting: Stability): Policy {
  return {
    name: setting,
    family: 'parley',
    startSegment({ target }, translate) {
      let display = emptyDisplay;
      let state: StabilizerState | undefined;
      return async (revision) => {
        const translation = await translate(revision, setting === 'off' ? undefined : textOf(display));
        if (translation === undefined) return display;
        const decision = stabilize(setting, state, { source: revision, translation, target });
        state = decision.state;
        display = { concluded: decision.concluded, tentative: decision.tentative };
        return display;
      };
    },
  };
}
