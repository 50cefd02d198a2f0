import { describe, expect, it } from '@jest/globals';
import { WaitingPartials } from '../../src/core/waiting-partials.ts';

const judge = (judges: readonly (() => boolean)[]): boolean[] => judges.map((isWorthHandling) => isWorthHandling());

describe('partials that wait', () => {
  it('are worth handling if none of their segment has come since', () => {
    const waiting = new WaitingPartials(10);
    const judges = [waiting.add(1, 0), waiting.add(2, 0), waiting.add(1, 1), waiting.add(1, 2)];
    expect(judge(judges)).toEqual([false, true, false, true]);
    expect(judge([waiting.add(1, 3)])).toEqual([true]);
  });

  it('are handled each if they come one after the other', () => {
    const waiting = new WaitingPartials(10);
    for (let revision = 0; revision < 5; revision++) expect(waiting.add(1, revision)()).toBe(true);
  });

  it('are not replaced by an older revision', () => {
    const waiting = new WaitingPartials(10);
    expect(judge([waiting.add(1, 7), waiting.add(1, 6), waiting.add(1, 8)])).toEqual([false, false, true]);
    expect(judge([waiting.add(1, 9), waiting.add(1, 3)])).toEqual([true, false]);
  });

  it('are those of the newest segments, as many as may be open', () => {
    const waiting = new WaitingPartials(3);
    const judges = Array.from({ length: 100 }, (_, segmentId) => waiting.add(segmentId, 0));
    expect(judge(judges).lastIndexOf(false)).toBe(96);
    // A segment counts from its newest partial.
    const again = [waiting.add(1, 0), waiting.add(2, 0), waiting.add(3, 0), waiting.add(1, 1), waiting.add(4, 0)];
    expect(judge(again)).toEqual([false, false, true, true, true]);
  });

  it('of one session replace none of the session before', () => {
    const waiting = new WaitingPartials(3);
    const before = waiting.add(1, 10);
    waiting.sessionChanges();
    expect(judge([before, waiting.add(1, 0)])).toEqual([true, true]);
  });
});
