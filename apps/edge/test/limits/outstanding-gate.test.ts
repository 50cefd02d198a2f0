import { describe, expect, it } from '@jest/globals';
import { DrainRate } from '../../src/limits/drain-rate.ts';
import { OutstandingGate } from '../../src/limits/outstanding-gate.ts';
import { retryAfterMs } from '../../src/limits/retry-after.ts';

const full = { status: 'full', outstandingBytes: 8000, excessBytes: 100 } as const;

describe('OutstandingGate', () => {
  it('admits everything until something is refused', () => {
    const gate = new OutstandingGate();
    expect(gate.waitMs(1, 0)).toBeUndefined();
    gate.handled(1, 10);
    expect(gate.waitMs(2, 1)).toBeUndefined();
  });

  it('I47: admits refused finals in the order in which they were first sent, and none before them', () => {
    const gate = new OutstandingGate();
    const waitMs = gate.refused(1, full, 0);
    // Sent before the client knew of the refusal.
    for (const segmentId of [2, 3]) expect(gate.waitMs(segmentId, 10)).toBe(waitMs - 10);
    expect(gate.waitMs(1, waitMs - 1)).toBe(100);
    // New finals after the retry, sent before the others are.
    for (const segmentId of [4, 2]) expect(gate.waitMs(segmentId, waitMs)).toBe(100);
    for (const segmentId of [1, 2, 3, 4]) {
      expect(gate.waitMs(segmentId, waitMs + segmentId)).toBeUndefined();
      gate.handled(segmentId, 10);
    }
    expect(gate.waitMs(5, waitMs + 10)).toBeUndefined();
  });

  it('waits again if the first final is refused again', () => {
    const gate = new OutstandingGate();
    const firstMs = gate.refused(1, full, 0);
    gate.waitMs(2, 1);
    const secondMs = gate.refused(1, full, firstMs);
    expect(gate.waitMs(2, firstMs + 1)).toBe(secondMs - 1);
  });

  it('goes on if a final is not sent again, or refused for another reason', () => {
    const gate = new OutstandingGate();
    const waitMs = gate.refused(1, full, 0);
    expect(gate.waitMs(2, waitMs + 9000)).toBe(100);
    expect(gate.waitMs(2, waitMs + 10_001)).toBeUndefined();
    gate.refused(3, full, 60_000);
    gate.handled(3, 0);
    expect(gate.waitMs(4, 60_001)).toBeUndefined();
  });
});

describe('retryAfterMs', () => {
  it('is the time in which the excess is done, or an eighth of what is outstanding', () => {
    expect(retryAfterMs(full, 1)).toBe(1000);
    expect(retryAfterMs({ ...full, excessBytes: 3000 }, 1)).toBe(3000);
  });

  it('is bounded, and a second if nothing is known', () => {
    expect(retryAfterMs(full, 1000)).toBe(250);
    expect(retryAfterMs(full, 0)).toBe(10_000);
    expect(retryAfterMs(full, undefined)).toBe(1000);
    expect(retryAfterMs({ ...full, outstandingBytes: 0, excessBytes: 0 }, 0)).toBe(1000);
    expect(retryAfterMs({ status: 'credit', neededBytes: 1, outstandingBytes: 8000 }, 1000)).toBe(1000);
  });
});

describe('DrainRate', () => {
  it('is what was outstanding and added, less what is outstanding now, in the time between', () => {
    const rate = new DrainRate();
    rate.observe(1000, 0);
    expect(rate.bytesPerMs).toBeUndefined();
    rate.added(500);
    rate.observe(700, 400);
    expect(rate.bytesPerMs).toBe(2);
    rate.observe(900, 500);
    expect(rate.bytesPerMs).toBe(0);
  });
});
