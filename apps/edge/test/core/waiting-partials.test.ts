import { describe, expect, it } from '@jest/globals';
import { WaitingPartials } from '../../src/core/waiting-partials.ts';

type Judge = () => boolean;

const judge = (judges: readonly Judge[]): boolean[] => judges.map((isWorthHandling) => isWorthHandling());

/** Judges these partials while many others wait that came before them. */
function judgeBehindMany(maxSegments: number, add: (waiting: WaitingPartials) => readonly Judge[]): boolean[] {
  const waiting = new WaitingPartials(maxSegments);
  for (let revision = 0; revision < 20; revision++) waiting.add(-1, revision);
  return judge(add(waiting));
}

describe('partials that wait', () => {
  it('are worth handling if none of their segment has come since', () => {
    const judged = judgeBehindMany(10, (waiting) => [
      waiting.add(1, 0),
      waiting.add(2, 0),
      waiting.add(1, 1),
      waiting.add(1, 2),
    ]);
    expect(judged).toEqual([false, true, false, true]);
  });

  it('are all handled if they are few', () => {
    const waiting = new WaitingPartials(2);
    const judges = Array.from({ length: 16 }, (_, revision) => waiting.add(revision % 8, revision));
    expect(judge(judges)).toEqual(judges.map(() => true));
    for (let revision = 0; revision < 50; revision++) expect(waiting.add(1, revision)()).toBe(true);
  });

  it('are not replaced by an older revision', () => {
    const judged = judgeBehindMany(10, (waiting) => [waiting.add(1, 7), waiting.add(1, 6), waiting.add(1, 8)]);
    expect(judged).toEqual([false, false, true]);
    expect(judgeBehindMany(10, (waiting) => [waiting.add(1, 9), waiting.add(1, 3)])).toEqual([true, false]);
  });

  it('are those of the newest segments, as many as may be open', () => {
    const judged = judgeBehindMany(3, (waiting) =>
      Array.from({ length: 20 }, (_, segmentId) => waiting.add(segmentId, 0)),
    );
    expect(judged.lastIndexOf(false)).toBe(16);
    // A segment counts from its newest partial.
    const again = judgeBehindMany(3, (waiting) => [
      waiting.add(1, 0),
      waiting.add(2, 0),
      waiting.add(3, 0),
      waiting.add(1, 1),
      waiting.add(4, 0),
    ]);
    expect(again).toEqual([false, false, true, true, true]);
  });

  it('of one session replace none of the session before', () => {
    const judged = judgeBehindMany(3, (waiting) => {
      const before = waiting.add(1, 10);
      waiting.sessionChanges();
      return [before, waiting.add(1, 0)];
    });
    expect(judged).toEqual([true, true]);
  });
});
