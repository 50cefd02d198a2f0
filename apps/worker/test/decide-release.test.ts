import { describe, expect, it } from '@jest/globals';
import { segmentsToRelease } from '../src/partials/decide-release.ts';

const held = (count: number, tenant: string, { sessionId = `${tenant}1`, idleMs = 0 } = {}) =>
  Array.from({ length: count }, (_, index) => ({ tenant, sessionId, idleMs: idleMs && idleMs + index }));

describe('a full thread, while jobs of others wait,', () => {
  it('releases what has been idle for longest, of whichever tenant', () => {
    const segments = [...held(100, 'a'), ...held(40, 'b', { idleMs: 1000 })];
    const released = segmentsToRelease(segments, 1);
    expect(released).toHaveLength(32);
    expect(released[0]?.idleMs).toBe(1039);
    expect(released.every(({ tenant }) => tenant === 'b')).toBe(true);
  });

  it('releases segments in which somebody may still speak only when a job is late', () => {
    const segments = [...held(40, 'a', { idleMs: 10 }), ...held(40, 'b')];
    expect(segmentsToRelease(segments, 1000)).toEqual([]);
    expect(segmentsToRelease(segments, 1001)).toHaveLength(32);
    expect(segmentsToRelease(held(40, 'b'), 1000)).toEqual([]);
  });

  it('I13: releases what a tenant holds beyond its share if nothing is idle, first of its largest session', () => {
    const segments = [
      ...held(5, 'b'),
      ...held(20, 'a', { sessionId: 'small' }),
      ...held(50, 'a', { sessionId: 'large' }),
    ];
    const released = segmentsToRelease(segments, 2000);
    expect(released).toHaveLength(8);
    expect(released.every(({ sessionId }) => sessionId === 'large')).toBe(true);
    expect(segmentsToRelease(held(500, 'a'), 2000)).toHaveLength(8);
  });

  it('releases nothing of tenants within their shares', () => {
    expect(segmentsToRelease([...held(2, 'a'), ...held(2, 'b'), ...held(2, 'c')], 2000)).toEqual([]);
    expect(segmentsToRelease([], 2000)).toEqual([]);
  });
});
