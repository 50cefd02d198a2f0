import { describe, expect, it } from '@jest/globals';
import { sizeCost, workCost } from '../../src/limits/frame-cost.ts';
import { FrameGate, type FrameVerdict } from '../../src/limits/frame-gate.ts';
import { TokenBucket } from '../../src/limits/token-bucket.ts';

const rate = { perSecond: 100, burst: 50 };

const gateFrom = (nowMs: number): FrameGate => new FrameGate(new TokenBucket(rate, nowMs), rate.burst, nowMs);

/** Sends frames at a steady rate and counts each verdict, up to the first `abuse`. */
function counts(gate: FrameGate, from: { atMs: number; frames: number; everyMs: number }) {
  const counted: Record<FrameVerdict, number> = { admitted: 0, refused: 0, 'refused-silently': 0, abuse: 0 };
  for (let frame = 0; frame < from.frames && counted.abuse === 0; frame++) {
    counted[gate.decide(from.atMs + frame * from.everyMs)] += 1;
  }
  return counted;
}

describe('a frame gate', () => {
  it('admits a burst, then frames at the rate, and another burst after a quiet time', () => {
    const gate = gateFrom(0);
    expect(counts(gate, { atMs: 0, frames: 60, everyMs: 0 })).toMatchObject({ admitted: 50, refused: 10 });
    expect(counts(gate, { atMs: 10, frames: 100, everyMs: 10 })).toMatchObject({ admitted: 100, refused: 0 });
    expect(counts(gate, { atMs: 5000, frames: 60, everyMs: 0 })).toMatchObject({ admitted: 50, refused: 10 });
  });

  it('refuses frames above the rate, with a limited number of errors per second', () => {
    const gate = gateFrom(0);
    counts(gate, { atMs: 0, frames: 50, everyMs: 0 });
    const { admitted, refused, ...rest } = counts(gate, { atMs: 0, frames: 2000, everyMs: 5 });
    expect(admitted).toBeGreaterThanOrEqual(998);
    expect(admitted).toBeLessThanOrEqual(1001);
    expect(refused).toBeGreaterThanOrEqual(200);
    expect(refused).toBeLessThanOrEqual(221);
    expect(rest).toEqual({ 'refused-silently': 2000 - admitted - refused, abuse: 0 });
  });

  it('never reports abuse at twice the rate', () => {
    const gate = gateFrom(0);
    expect(counts(gate, { atMs: 0, frames: 100_000, everyMs: 5 }).abuse).toBe(0);
  });

  it('reports abuse if nearly all frames are refused, even if some are admitted', () => {
    const atOnce = counts(gateFrom(0), { atMs: 0, frames: 1000, everyMs: 0 });
    expect(atOnce).toEqual({ admitted: 50, refused: 20, 'refused-silently': 230, abuse: 1 });
    const steady = counts(gateFrom(0), { atMs: 0, frames: 100_000, everyMs: 0.5 });
    expect(steady.abuse).toBe(1);
    expect(steady.admitted).toBeLessThan(100);
  });

  it('admits no more frames after the clock is set back', () => {
    const gate = gateFrom(10_000);
    expect(counts(gate, { atMs: 10_000, frames: 50, everyMs: 0 }).admitted).toBe(50);
    expect(gate.decide(0)).toBe('refused');
    expect(gate.decide(10)).toBe('admitted');
  });

  it('counts what a frame costs', () => {
    const gate = gateFrom(0);
    expect([gate.decide(0, 30), gate.decide(0, 30), gate.decide(0, 20)]).toEqual(['admitted', 'refused', 'admitted']);
    expect([gate.decide(300, 30), gate.decide(300)]).toEqual(['admitted', 'refused']);
  });

  it('admits a frame that costs more than a burst, but only after a pause', () => {
    const gate = gateFrom(0);
    expect([gate.decide(0, 5000), gate.decide(499, 5000), gate.decide(501, 5000)]).toEqual([
      'admitted',
      'refused',
      'admitted',
    ]);
  });

  it('lets later frames wait for work that turned out to be more, at most for two bursts', () => {
    const gate = gateFrom(0);
    gate.decide(0);
    gate.charge(1000);
    expect([gate.decide(500), gate.decide(520)]).toEqual(['refused', 'admitted']);
  });

  it('reports abuse after few frames that cost much', () => {
    const gate = gateFrom(0);
    const verdicts = Array.from({ length: 8 }, () => gate.decide(0, 64));
    expect(verdicts.indexOf('abuse')).toBe(6);
  });
});

describe('the cost of a frame', () => {
  it.each([
    [0, 1],
    [4096, 1],
    [4097, 2],
    [256 * 1024, 64],
  ])('of %i bytes is %i', (bytes, cost) => {
    expect(sizeCost(bytes)).toBe(cost);
  });

  it('includes the work for a session', () => {
    expect([workCost('session.join'), workCost('transcript.partial')]).toEqual([20, 0]);
  });
});
