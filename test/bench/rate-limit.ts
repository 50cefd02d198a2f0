import { offered900Allowed600, runOfferedLoad, type OfferedLoad } from '../rate-limit/offered-load.ts';
import type { Bench } from './bench.ts';

/** Measures the rejections with the shared rate limit, and the share of each session. */
export const rateLimitBench: Bench = {
  name: 'rate-limit',
  question:
    'What becomes of 900 requests a minute, offered by 15 sessions over 4 workers to an engine that allows 600, with and without knowing its limit?',
  async run({ quick, tell, signal }) {
    const times = quick ? { windowMs: 20_000, forMs: 10_000 } : { windowMs: 60_000, forMs: 90_000 };
    const rows = [];
    for (const limiter of ['sliding', 'bucket'] as const) {
      for (const isKnown of [true, false]) {
        const offer: OfferedLoad = { ...offered900Allowed600, ...times, limiter, isKnown };
        const result = await runOfferedLoad(offer, signal);
        tell(`${limiter}, ${isKnown ? 'known' : 'not known'}: ${JSON.stringify(result)}`);
        rows.push([
          limiter,
          isKnown ? 'known' : 'not known',
          result.refusedShare * 100,
          (result.usedShare ?? Number.NaN) * 100,
          `${result.finalsTranslated} of ${result.finals}`,
          `${result.partialsShown} of ${result.partialsSaid}`,
          result.longestGapMs / 1000,
          result.evenness * 100,
        ]);
      }
    }
    return {
      columns: [
        'engine counts by',
        'limit',
        '429 (%)',
        'allowance used (%)',
        'finals',
        'partials shown',
        'longest without a caption (s)',
        'least shown of most shown (%)',
      ],
      rows,
    };
  },
};
