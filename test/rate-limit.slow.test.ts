import { describe, expect, it } from '@jest/globals';
import { offered900Allowed600, runOfferedLoad } from './rate-limit/offered-load.ts';

describe('a minute with 900 requests at an engine that allows 600', () => {
  it.each(['sliding', 'bucket'] as const)(
    'I3: leaves no session without a caption for three seconds, and no final behind: %s',
    async (limiter) => {
      const result = await runOfferedLoad({ ...offered900Allowed600, limiter, windowMs: 60_000, forMs: 75_000 });
      process.stderr.write(`${limiter}: ${JSON.stringify(result)}\n`);
      expect(result.refusedShare).toBeLessThanOrEqual(0.01);
      expect(result.usedShare).toBeGreaterThanOrEqual(0.9);
      expect(result).toMatchObject({
        finalsTranslated: result.finals,
        violations: 0,
        degraded: offered900Allowed600.sessions,
      });
      expect(result.longestGapMs).toBeLessThanOrEqual(3000);
    },
    180_000,
  );
});

describe('four workers at an engine with a token limit', () => {
  it('I3: are rarely rejected, and lose no final', async () => {
    // A request counts as about 270 tokens: its prompt, plus 64 and two per character for the output.
    const offer = { ...offered900Allowed600, tokensPerMinute: 200_000, burstMs: 1500 };
    const result = await runOfferedLoad({ ...offer, limiter: 'sliding', windowMs: 20_000, forMs: 12_000 });
    process.stderr.write(`tokens: ${JSON.stringify(result)}\n`);
    expect(result.refusedShare).toBeLessThanOrEqual(0.01);
    expect(result).toMatchObject({ finalsTranslated: result.finals, violations: 0, degraded: offer.sessions });
  });
});
