import { expect, it } from '@jest/globals';
import { runChaos } from './chaos/run-chaos.ts';
import { testSeed } from './harness/seeded-random.ts';

it('I1, I2, I3, I4, I8, I11, I23, I39, I44: thirty sessions stay correct during a minute of random failures and hostile clients', async () => {
  const seed = testSeed('chaos, the whole');
  const lines: string[] = [];
  const report = await runChaos({
    seed,
    seconds: 60,
    sessions: 30,
    hostileSockets: 20,
    tell: (line) => void lines.push(line),
  });
  expect({ ...report, lines }).toMatchObject({ violations: [], keysWithoutExpiry: [] });
  expect(report.finalsTranslated).toBeGreaterThan(0);
  expect(report.partialsShown).toBeGreaterThan(0);
}, 600_000);
