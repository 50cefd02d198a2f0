import { commonUnits, firstUnits, readingUnits } from '@parley/translation';
import { emptyDisplay, textOf, type Policy } from './policy.ts';

/**
 * Shows what the last translations have in common at their beginning (local agreement: Liu, Spanakis and Niehues 2020,
 * arXiv:2005.11185), but never fewer units than before: while they agree on less, the screen stays as it is.
 *
 * @param outputs the number of translations that must agree
 */
export function agreementPolicy(outputs: number): Policy {
  return {
    name: `agreement-${outputs}`,
    family: 'agreement of n translations',
    startSegment({ target }, translate) {
      let display = emptyDisplay;
      let recent: string[][] = [];
      return async ({ text: revision }) => {
        const translation = await translate(revision);
        if (translation === undefined) return display;
        const units = readingUnits(translation, target);
        recent = [...recent, units].slice(-outputs);
        if (recent.length < outputs) return display;
        const agreed = Math.min(...recent.map((earlier) => commonUnits(earlier, units)));
        if (agreed < readingUnits(textOf(display), target).length) return display;
        display = { concluded: '', tentative: firstUnits(translation, agreed, target) };
        return display;
      };
    },
  };
}
