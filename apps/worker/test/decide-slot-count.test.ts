import { expect, it } from '@jest/globals';
import { decideSlotCount, slotsBeside } from '../src/partials/decide-slot-count.ts';

it.each([
  ['grows by about a tenth while the thread has time', 100, { utilization: 0.5, callsInFlight: 3 }, 111],
  ['grows at the highest utilization that is allowed', 32, { utilization: 0.8, callsInFlight: 32 }, 36],
  ['does not grow above the configured number', 500, { utilization: 0, callsInFlight: 0 }, 512],
  ['falls below the calls in flight when the thread is saturated', 512, { utilization: 0.81, callsInFlight: 50 }, 45],
  ['falls below the limit before when more calls are still in flight', 40, { utilization: 1, callsInFlight: 60 }, 36],
  ['leaves some calls, however busy the thread is', 17, { utilization: 1, callsInFlight: 2 }, 16],
])('the limit of calls %s', (_what, current, load, expected) => {
  expect(decideSlotCount(current, load, 512)).toBe(expected);
});

it.each([
  ['all that share connections', { calls: Infinity, lingering: 3 }, 5, Infinity],
  ['all but an eighth', { calls: 96, lingering: 0 }, 0, 84],
  ['no part of a call', { calls: 10, lingering: 0 }, 0, 8],
  ['none that others use', { calls: 96, lingering: 0 }, 40, 44],
  ['none whose reply is still being received, nor of the eighth', { calls: 96, lingering: 80 }, 0, 4],
  ['one, so that partials never stop, if others use all', { calls: 96, lingering: 0 }, 96, 1],
  ['one of one', { calls: 1, lingering: 0 }, 0, 1],
])('of the calls that an engine makes at once, partials get %s', (_what, capacity, others, expected) => {
  expect(slotsBeside(capacity, others)).toBe(expected);
});

it('the limit of calls is never above a configured number that is small', () => {
  expect(decideSlotCount(2, { utilization: 1, callsInFlight: 2 }, 2)).toBe(2);
});

it('the limit of calls recovers from the least to the usual within five seconds of measurements', () => {
  let limit = 16;
  for (let measurement = 0; measurement < 50; measurement++) {
    limit = decideSlotCount(limit, { utilization: 0.5, callsInFlight: limit }, 512);
  }
  expect(limit).toBe(512);
});
