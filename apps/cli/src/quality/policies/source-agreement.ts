import { commonUnits, firstUnits, readingUnits } from '@parley/translation';
import { emptyDisplay, type Policy } from './policy.ts';

/**
 * Translates only what the last revisions of the source have in common at their beginning, without regard to case and
 * punctuation, and shows the whole translation. While they agree on fewer words than were translated before, the screen stays
 * as it is.
 *
 * @param revisions the number of revisions that must agree
 */
export function sourceAgreementPolicy(revisions: number): Policy {
  return {
    name: `source-agreement-${revisions}`,
    family: 'agreement of n revisions of the source',
    startSegment({ source }, translate) {
      let display = emptyDisplay;
      let translated = 0;
      let recent: string[][] = [];
      return async ({ text: revision }) => {
        const units = readingUnits(revision, source).map(folded);
        recent = [...recent, units].slice(-revisions);
        if (recent.length < revisions) return display;
        const agreed = Math.min(...recent.map((earlier) => commonUnits(earlier, units)));
        if (agreed === 0 || agreed < translated) return display;
        const translation = await translate(firstUnits(revision, agreed, source));
        if (translation === undefined) return display;
        translated = agreed;
        display = { concluded: '', tentative: translation };
        return display;
      };
    },
  };
}

function folded(unit: string): string {
  return unit.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}
