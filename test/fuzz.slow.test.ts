import { expect, it } from '@jest/globals';
import { runFuzz } from './fuzz/run-fuzz.ts';
import { testSeed } from './harness/seeded-random.ts';

it('I3, I14: an honest session loses nothing beside sixty hostile sockets, which are all answered', async () => {
  const lines: string[] = [];
  const seed = testSeed('fuzz');
  const report = await runFuzz({ seed, seconds: 20, sockets: 60, tell: (line) => void lines.push(line) });
  expect({ ...report, lines }).toMatchObject({ problems: [] });
  expect(report.finalsTranslated).toBeGreaterThan(0);
  expect(report.hostile.answers).toBeGreaterThan(300);
}, 300_000);
