import { describe, expect, it } from '@jest/globals';
import { segmentsToRelease } from '../src/partials/decide-release.ts';

const held = (count: number, tenant: string, { sessionId = `${tenant}1`, idleMs = 0 } = {}) =>
  Array.from({ length: count }, (_, index) => ({ tenant, sessionId, idleMs: idleMs && idleMs + index }));

describe('a full thread, while jobs of others wait,', () => {
  it('releases what has been idle for longest, of whichever tenant', () => {
    const segments = [...held(100, 'a'), ...held(40, 'b', { idleMs: 10 })];
    const released = segmentsToRelease(segments);
    expect(released).toHaveLength(32);
    expect(released[0]?.idleMs).toBe(49);
    expect(released.every(({ tenant }) => tenant === 'b')).toBe(true);
  });

  it('I13: releases what a tenant holds beyond its share if nothing is idle, first of its largest session', () => {
    const segments = [
      ...held(5, 'b'),
      ...held(20, 'a', { sessionId: 'small' }),
      ...held(50, 'a', { sessionId: 'large' }),
    ];
    const released = segmentsToRelease(segments);
    expect(released).toHaveLength(32);
    expect(released.filter(({ sessionId }) => sessionId === 'large').length).toBeGreaterThanOrEqual(31);
    expect(segmentsToRelease(held(500, 'a'))).toHaveLength(32);
  });

  it('releases nothing of tenants within their shares', () => {
    expect(segmentsToRelease([...held(2, 'a'), ...held(2, 'b'), ...held(2, 'c')])).toEqual([]);
    expect(segmentsToRelease([])).toEqual([]);
  });
});
