import { expect, it } from '@jest/globals';
import { testSeed } from './harness/seeded-random.ts';
import { runSoak } from './soak/run-soak.ts';

it('I1, I2, I3, I4: twenty sessions that come and go for a minute lose nothing and leave no keys behind', async () => {
  const seed = testSeed('soak');
  const lines: string[] = [];
  const tell = (line: string): void => void lines.push(line);
  const report = await runSoak({ seed, minutes: 1, sessions: 20, tell, signal: new AbortController().signal });
  expect({ ...report.problems, lines: [...report.problems.lines, ...lines] }).toMatchObject({ count: 0 });
  expect(report.counts.finalsFailed).toBe(0);
  expect(report.counts.finalsTranslated).toBeGreaterThan(0);
  expect(report.counts.sessionsEnded).toBeGreaterThan(20);
  expect(report.counts.sessionsAbandoned).toBeGreaterThan(0);
  expect(report.counts.processesKilled).toBeGreaterThanOrEqual(2);
  expect([...report.lasting]).toHaveLength(11);
  for (const [, trend] of report.lasting) expect(trend?.perHour).toEqual(expect.any(Number));
  expect(report.keys.get('{s:*}:session')?.mean).toBeGreaterThan(0);
}, 600_000);
