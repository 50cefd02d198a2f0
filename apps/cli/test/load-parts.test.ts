import { describe, expect, it } from '@jest/globals';
import { percentilesOf } from '../src/load/percentiles.ts';
import { endlessTalk, isCommonUtterance } from '../src/load/talk.ts';

describe('percentilesOf', () => {
  it('uses the nearest rank, regardless of the order of the samples', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentilesOf(samples)).toEqual({ count: 200, p50: 100, p95: 190, p99: 198 });
    expect(percentilesOf([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7 });
    expect(percentilesOf([])).toEqual({ count: 0, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN });
  });
});

describe('endlessTalk', () => {
  const events = [
    { t: 500, segment: 1, final: false, text: 'a' },
    { t: 700, segment: 1, final: true, text: 'a b' },
    { t: 1700, segment: 2, final: true, text: 'c' },
  ];

  it('starts at the given utterance, keeps the pauses, repeats, and renumbers the segments', () => {
    const talk = endlessTalk(events, 3);
    expect(Array.from({ length: 5 }, () => talk.next().value)).toEqual([
      { pauseMs: 1000, segmentId: 1, final: true, text: 'c' },
      { pauseMs: 500, segmentId: 2, final: false, text: 'a' },
      { pauseMs: 200, segmentId: 2, final: true, text: 'a b' },
      { pauseMs: 1000, segmentId: 3, final: true, text: 'c' },
      { pauseMs: 500, segmentId: 4, final: false, text: 'a' },
    ]);
  });

  it('prefixes each utterance', () => {
    const talk = endlessTalk(events, 0, (utterance) => `${utterance} `);
    expect(Array.from({ length: 4 }, () => talk.next().value.text)).toEqual(['0 a', '0 a b', '1 c', '0 a']);
  });
});

describe('isCommonUtterance', () => {
  it.each([
    [0, 0],
    [0.1, 10],
    [0.5, 50],
    [1, 100],
  ])('holds with a share of %f for %i of 100 utterances', (share, count) => {
    const common = Array.from({ length: 100 }, (_, utterance) => isCommonUtterance(utterance, share));
    expect(common.filter(Boolean)).toHaveLength(count);
  });
});
