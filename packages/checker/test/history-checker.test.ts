import { describe, expect, it } from '@jest/globals';
import {
  accepted,
  codesOf,
  failed,
  check,
  refused,
  sentFinal,
  sentPartial,
  shown,
  start,
  translated,
} from './history.ts';

describe('without sourceOf', () => {
  it('detects texts that no engine may return', () => {
    const upTo = [...start(), sentFinal(1), accepted(1)];
    expect(codesOf([...upTo, translated(1, 1001, 'es', 'lo que sea')])).toEqual([]);
    expect(codesOf([...upTo, translated(1, 1001, 'es', ' ')])).toEqual(['wrong-text']);
  });
});

describe('latencies and counts', () => {
  it('are measured from the sending of the exact revision or final', () => {
    const { latency, counts } = check([
      ...start(), // 0, 10
      sentPartial(1, 1), // 20
      sentPartial(1, 2), // 30
      sentPartial(1, 3), // 40
      shown(1, 2), // 50: 20 ms for revision 2; 1 and 2 have caught up
      sentFinal(1), // 60
      accepted(1), // 70
      translated(1, 1001), // 80
      sentFinal(2), // 90
      accepted(2), // 100
      failed(2, 1002), // 110
      sentFinal(3), // 120
      refused('final-3'),
    ]);
    expect(latency).toEqual({ partialMs: [20], caughtUpMs: [30, 20], finalMs: [20], finalAddedMs: [5] });
    expect(counts).toEqual({
      partialsSent: 3,
      partialsShown: 1,
      finalsSent: 3,
      finalsTranslated: 1,
      finalsFailed: 1,
      errors: new Map([['temporarily-unavailable', 1]]),
    });
  });
});
