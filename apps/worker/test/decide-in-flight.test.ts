import { describe, expect, it } from '@jest/globals';
import { decideInFlight } from '../src/calls/decide-in-flight.ts';
import { EngineLoadMeter } from '../src/calls/engine-load-meter.ts';

describe('the number of calls in flight', () => {
  it.each([
    ['a fast engine', 80, 2, 1],
    ['an engine of 180 ms', 180, 2, 2],
    ['an engine of 180 ms, from one', 180, 1, 2],
    ['an engine of 180 ms, from four', 180, 4, 2],
    ['an engine of 400 ms', 400, 2, 3],
    ['an engine of 600 ms', 600, 2, 4],
    ['a very slow engine', 5000, 1, 4],
    ['a median just above a bound', 305, 2, 2],
    ['a median just below a bound', 295, 3, 3],
    ['too few calls', undefined, 3, 3],
  ])('for %s', (_, medianMs, current, expected) => {
    expect(decideInFlight({ medianMs, rateLimited: false, headroom: undefined }, current)).toBe(expected);
  });

  it('is one where the engine refuses calls for their number', () => {
    expect(decideInFlight({ medianMs: 600, rateLimited: true, headroom: 1 }, 4)).toBe(1);
  });

  it.each([
    [0.5, 4],
    [0.3, 2],
    [0.1, 1],
  ])('is smaller where only %d of the rate limit is headroom', (headroom, expected) => {
    expect(decideInFlight({ medianMs: 600, rateLimited: false, headroom }, 4)).toBe(expected);
    expect(decideInFlight({ medianMs: undefined, rateLimited: false, headroom }, 4)).toBe(expected);
  });
});

describe('the measure of the engine', () => {
  it('is the median of the newest hundred calls, no older than a minute', () => {
    let now = 0;
    const meter = new EngineLoadMeter(() => now);
    for (let call = 0; call < 19; call++) meter.called(1);
    expect(meter.load().medianMs).toBeUndefined();
    for (let call = 0; call < 100; call++) meter.called(call);
    expect(meter.load().medianMs).toBe(50);
    now = 60_001;
    expect(meter.load().medianMs).toBeUndefined();
  });

  it('says for ten seconds that the engine refused calls', () => {
    let now = 0;
    const meter = new EngineLoadMeter(() => now);
    expect(meter.load().rateLimited).toBe(false);
    meter.rateLimited();
    now = 10_000;
    expect(meter.load().rateLimited).toBe(true);
    now = 10_001;
    expect(meter.load().rateLimited).toBe(false);
  });
});
