import { describe, expect, it } from '@jest/globals';
import { LongWaits } from '../src/consumer/long-waits.ts';

const places = 10;
const job = (waitedMs: number, priority = 0) => ({ waitedMs, priority });

/** One job begins every half second from `fromMs` to `toMs`; how each was judged. */
function begin(waits: LongWaits, fromMs: number, toMs: number, each = job(1500)): boolean[] {
  const verdicts: boolean[] = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 500) verdicts.push(waits.waited(each, nowMs));
  return verdicts;
}

describe('waits in a lane tell that places are lacking', () => {
  it('when they have been long for three seconds, and of the jobs that waited long', () => {
    const waits = new LongWaits(places);
    expect(begin(waits, 0, 2500)).toEqual(Array(6).fill(false));
    expect(waits.waited(job(1001), 3000)).toBe(true);
    expect(waits.waited(job(1000), 3100)).toBe(false);
    expect(waits.waited(job(1500), 3200)).toBe(true);
  });

  it('not when a few were long, however often that happens', () => {
    const waits = new LongWaits(places);
    for (let slowAtMs = 0; slowAtMs < 60_000; slowAtMs += 8000) {
      // All that piled up while workers were away for a moment begins at about the same time.
      expect(begin(waits, slowAtMs, slowAtMs + 2500, job(4000))).not.toContain(true);
    }
  });

  it('whatever of better priority begins at once', () => {
    const waits = new LongWaits(places);
    for (let nowMs = 0; nowMs < 3000; nowMs += 500) {
      waits.waited(job(1500, 1), nowMs);
      expect(waits.waited(job(2, 0), nowMs)).toBe(false);
    }
    expect(waits.waited(job(1500, 1), 3000)).toBe(true);
  });

  it.each([1, 2])('not when one of priority %d begins at once between those of priority 1', (priority) => {
    const waits = new LongWaits(places);
    waits.waited(job(1500, 1), 0);
    for (let nowMs = 100; nowMs < 4000; nowMs += 100) waits.waited(job(2, priority), nowMs);
    expect(begin(waits, 4000, 6500, job(1500, 1))).not.toContain(true);
    expect(waits.waited(job(1500, 1), 7000)).toBe(true);
  });

  it('also when some wait nearly as long as is too long', () => {
    const waits = new LongWaits(places);
    for (let nowMs = 0; nowMs < 3000; nowMs += 500) waits.waited(job(nowMs % 1000 === 0 ? 1001 : 501), nowMs);
    expect(waits.waited(job(1001), 3000)).toBe(true);
  });

  it("not when a job waits for its own session's work, or is bulk", () => {
    const waits = new LongWaits(places);
    // 400 finals at once, ten at a time and four seconds each.
    for (let index = 0; index < 400; index++) {
      const waitedMs = Math.floor(index / places) * 4000;
      expect(waits.waited(job(waitedMs, index), waitedMs)).toBe(false);
    }
    expect(begin(waits, 0, 10_000, job(600_000, 2 ** 20))).not.toContain(true);
  });

  it('when a session with a few more in the lane waits longer than all of its own would take', () => {
    const waits = new LongWaits(places);
    expect(begin(waits, 0, 3000, job(6001, 19)).at(-1)).toBe(true);
    expect(begin(waits, 10_000, 13_000, job(6000, 19))).not.toContain(true);
  });

  it('not while the rate limit or the engine explains it, nor just after', () => {
    const waits = new LongWaits(places);
    begin(waits, 0, 3000);
    waits.excused(3000);
    expect(begin(waits, 3500, 12_500)).not.toContain(true);
    expect(waits.waited(job(1500), 13_000)).toBe(true);
  });
});
