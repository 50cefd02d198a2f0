import { firstUnits, readingUnits } from '@parley/translation';
import { emptyDisplay, type Policy } from './policy.ts';

/**
 * Shows every translation without its last `masked` units (Arivazhagan et al. 2020, arXiv:1912.03393). With 0 it shows all of
 * it, which is the naive policy.
 */
export function maskPolicy(masked: number): Policy {
  return {
    name: masked === 0 ? 'naive' : `mask-${masked}`,
    family: 'mask-k',
    startSegment({ target }, translate) {
      let display = emptyDisplay;
      return async ({ text: revision }) => {
        const translation = await translate(revision);
        if (translation === undefined) return display;
        const shownUnits = readingUnits(translation, target).length - masked;
        display = { concluded: '', tentative: firstUnits(translation, shownUnits, target) };
        return display;
      };
    },
  };
}
