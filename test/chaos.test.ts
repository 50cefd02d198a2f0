import { describe, expect, it } from '@jest/globals';
import { runChaos } from './chaos/run-chaos.ts';
import { testSeed } from './harness/seeded-random.ts';

describe('ten sessions with listeners under random failures, beside hostile clients', () => {
  it('I1, I2, I3, I4, I8, I11, I23, I39, I44: satisfy the protocol', async () => {
    const seed = testSeed('chaos');
    const lines: string[] = [];
    const report = await runChaos({
      seed,
      seconds: 15,
      sessions: 10,
      hostileSockets: 5,
      tell: (line) => void lines.push(line),
    });
    expect({ ...report, lines }).toMatchObject({ violations: [], keysWithoutExpiry: [] });
    expect(report.finalsTranslated).toBeGreaterThan(0);
    expect(report.partialsShown).toBeGreaterThan(0);
  }, 240_000);
});
