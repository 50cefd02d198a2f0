import { describe, expect, it } from '@jest/globals';
import type { SegmentWork } from '@parley/redis/segment';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { SegmentProgress } from '../src/partials/segment-progress.ts';

const work = (revision: number, targets: readonly string[] = ['es']): SegmentWork => ({
  v: 1,
  type: 'revision',
  segmentId: 1,
  revision,
  text: `text ${revision}`,
  digest: `digest ${revision}`,
  metadata: { v: 1, language: 'en', receivedAtMs: 0 },
  targets: [...targets],
});
const nothing = new Map<string, { revision: number }>();

describe('the progress of a segment', () => {
  it('asks for the newest revision of each target, once', () => {
    const progress = new SegmentProgress(work(0, ['es', 'fr']), nothing);
    expect(progress.due(2, 0)).toEqual(['es', 'fr']);
    progress.begin('es');
    expect(progress.due(2, 0)).toEqual(['fr']);
    progress.put(work(1, ['es', 'fr']));
    expect(progress.due(2, 0)).toEqual(['es', 'fr']);
  });

  it('I10: has no more calls under way for a target than are allowed', () => {
    const progress = new SegmentProgress(work(0), nothing);
    progress.begin('es');
    progress.put(work(1));
    progress.begin('es');
    progress.put(work(2));
    expect(progress.due(2, 0)).toEqual([]);
    progress.end('es', 0, { type: 'shown' });
    expect(progress.due(2, 0)).toEqual(['es']);
  });

  it('does not ask again for what was shown before the segment was taken', () => {
    const progress = new SegmentProgress(work(3, ['es', 'fr']), new Map([['es', { revision: 3 }]]));
    expect(progress.due(2, 0)).toEqual(['fr']);
    expect(progress.shown('es')).toBe(3);
  });

  it('counts the targets whose revision was replaced before a call', () => {
    const progress = new SegmentProgress(work(0, ['es', 'fr']), nothing);
    progress.begin('es');
    expect(progress.put(work(1, ['es', 'fr']))).toBe(1);
    expect(progress.put(work(1, ['es', 'fr']))).toBe(0);
    expect(progress.put(work(0, ['es', 'fr']))).toBe(0);
    expect(progress.newest.revision).toBe(1);
  });

  it('I1: has spare revisions between the one shown and those under way', () => {
    const progress = new SegmentProgress(work(0), nothing);
    expect(progress.spare('es', work(0))).toBeUndefined();
    progress.begin('es');
    for (const revision of [2, 5, 6]) progress.put(work(revision));
    expect([progress.spare('es', work(6)), progress.mayHaveSpare('es', work(6))]).toEqual([undefined, true]);
    progress.begin('es');
    progress.end('es', 0, { type: 'shown' });
    // Not 1, 3 or 4, which were never received.
    expect(progress.spare('es', work(6))).toBe(2);
    progress.useSpare('es', 2);
    expect(progress.spare('es', work(6))).toBe(5);
    progress.put(work(7));
    progress.begin('es');
    // The call for revision 6 may still end with a translation.
    expect(progress.spare('es', work(7))).toBe(5);
    progress.useSpare('es', 5);
    expect(progress.spare('es', work(7))).toBeUndefined();
    progress.end('es', 6, { type: 'given-up' });
    expect(progress.spare('es', work(7))).toBe(6);
  });

  it('has no spare revisions of another language, without text, or of which the target needed no translation', () => {
    const progress = new SegmentProgress(work(0), nothing);
    progress.put({ ...work(1), metadata: { v: 1, language: 'ca', receivedAtMs: 0 } });
    progress.put({ ...work(2), text: ' ' });
    progress.put(work(3, ['fr']));
    progress.put(work(4));
    expect(progress.spare('es', work(4))).toBe(0);
    progress.useSpare('es', 0);
    expect(progress.mayHaveSpare('es', work(4))).toBe(false);
  });

  it('gives a revision up whose call failed, until it is put again', () => {
    const progress = new SegmentProgress(work(0), nothing);
    progress.begin('es');
    progress.end('es', 0, { type: 'given-up' });
    expect(progress.due(2, 0)).toEqual([]);
    progress.put(work(0));
    expect(progress.due(2, 0)).toEqual(['es']);
  });

  it('asks for nothing that is under way or shown when it is put again', () => {
    const progress = new SegmentProgress(work(0), nothing);
    progress.begin('es');
    progress.put(work(0));
    expect(progress.due(2, 0)).toEqual([]);
    progress.end('es', 0, { type: 'shown' });
    progress.put(work(0));
    expect(progress.due(2, 0)).toEqual([]);
  });

  it('asks for nothing that nobody wants, until somebody does again', () => {
    const progress = new SegmentProgress(work(0, ['es', 'fr']), nothing);
    progress.want(new Set(['fr']));
    expect(progress.due(2, 0)).toEqual(['fr']);
    progress.want(new Set(['es', 'fr']));
    expect(progress.due(2, 0)).toEqual(['es', 'fr']);
  });

  it('asks again for a cancelled revision once its target is requested again', () => {
    const progress = new SegmentProgress(work(0, ['es', 'fr']), nothing);
    progress.begin('es');
    progress.begin('fr');
    progress.want(new Set(['es']));
    progress.end('fr', 0, { type: 'cancelled' });
    expect(progress.due(2, 0)).toEqual([]);
    progress.want(new Set(['es', 'fr']));
    expect(progress.due(2, 0)).toEqual(['fr']);
  });

  it('does not count a revision as superseded for a target that is not requested', () => {
    const progress = new SegmentProgress(work(0, ['es', 'fr']), nothing);
    progress.want(new Set(['es']));
    expect(progress.put(work(1))).toBe(1);
  });

  it('asks for the further targets of a revision that is put again with others', () => {
    const progress = new SegmentProgress(work(0), nothing);
    progress.begin('es');
    expect(progress.put(work(0, ['es', 'ca']))).toBe(0);
    expect(progress.due(2, 0)).toEqual(['ca']);
  });

  it('asks again for whatever is newest when the time that a call has to wait is over', () => {
    const progress = new SegmentProgress(work(0), nothing);
    progress.begin('es');
    progress.end('es', 0, { type: 'wait', untilMs: 100 });
    expect(progress.due(2, 99)).toEqual([]);
    progress.put(work(1));
    expect(progress.due(2, 99)).toEqual([]);
    expect(progress.due(2, 100)).toEqual(['es']);
  });

  it('I9: comes to the newest revision in the end, whatever happens on the way', () => {
    const random = seededRandom(testSeed('progress of a segment'));
    for (let round = 0; round < 300; round++) {
      let newest = 0;
      let nowMs = 0;
      const targets = ['es', 'fr', 'ca'];
      const progress = new SegmentProgress(work(newest, targets), nothing);
      const calls: { target: string; revision: number }[] = [];
      const asked = new Set<string>();
      const shown = new Map<string, number>();
      const step = (mayPut: boolean): void => {
        nowMs += 10;
        if (mayPut && random() < 0.4) progress.put(work(++newest, targets));
        if (mayPut && random() < 0.1) progress.want(new Set(targets.filter(() => random() < 0.7)));
        for (const target of progress.due(2, nowMs)) {
          expect(calls.filter((call) => call.target === target).length).toBeLessThan(2);
          progress.begin(target);
          calls.push({ target, revision: newest });
          asked.add(`${target} ${newest}`);
        }
        if (calls.length === 0 || random() < 0.3) return;
        const [call] = calls.splice(Math.floor(random() * calls.length), 1);
        if (call === undefined) return;
        const chance = random();
        if (chance < 0.1) {
          progress.end(call.target, call.revision, { type: 'cancelled' });
          return;
        }
        if (chance < 0.2) {
          progress.end(call.target, call.revision, { type: 'wait', untilMs: nowMs + 50 });
          return;
        }
        progress.end(call.target, call.revision, { type: 'shown' });
        shown.set(call.target, Math.max(shown.get(call.target) ?? -1, call.revision));
      };
      for (let count = 0; count < 60; count++) step(true);
      progress.want(new Set(targets));
      for (let count = 0; count < 400; count++) step(false);
      expect([...shown.values()]).toEqual(targets.map(() => newest));
    }
  });
});
