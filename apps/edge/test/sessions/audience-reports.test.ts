import { expect, it } from '@jest/globals';
import { countAudience, nobody } from '@parley/redis/session';
import { AudienceReports } from '../../src/sessions/audience-reports.ts';

const [one, two] = [['es'], ['es', 'fr']].map((languages) => countAudience([{ languages }])) as [
  ReturnType<typeof countAudience>,
  ReturnType<typeof countAudience>,
];

it('reports changes, at most one a second, and then the newest', () => {
  const reports = new AudienceReports();
  expect(reports.takeDue(0)).toBeUndefined();
  reports.learn(one);
  expect(reports.takeDue(0)).toEqual(one);
  expect(reports.takeDue(5000)).toBeUndefined();
  reports.learn(two);
  expect(reports.takeDue(5000)).toEqual(two);
  for (const audience of [one, two, nobody]) reports.learn(audience);
  expect(reports.takeDue(5999)).toBeUndefined();
  expect(reports.takeDue(6000)).toEqual(nobody);
});

it('reports nothing if it is the same again after a second', () => {
  const reports = new AudienceReports();
  reports.learn(one);
  reports.takeDue(0);
  reports.learn(two);
  expect(reports.takeDue(500)).toBeUndefined();
  reports.learn(one);
  expect(reports.takeDue(1500)).toBeUndefined();
});

it('reports to a speaker that resumes also that nobody listens, but not to one that starts', () => {
  const reports = new AudienceReports();
  reports.learn(nobody);
  expect(reports.takeDue(0)).toBeUndefined();
  reports.restart();
  reports.forgetKnown();
  expect(reports.takeDue(0)).toBeUndefined();
  reports.learn(nobody);
  expect(reports.takeDue(0)).toEqual(nobody);
});
