import { describe, expect, it, jest } from '@jest/globals';
import type { Logger } from '@parley/telemetry';
import { EngineHealth } from '../src/engine/engine-health.ts';

const minuteMs = 60_000;

/** The health, a clock to set, and what the log was told. */
function setUp() {
  const clock = { nowMs: 0 };
  const told: string[] = [];
  const logger = {
    warn: ({ endpoint, why }: { endpoint: string; why: string }) => void told.push(`down ${endpoint}: ${why}`),
    info: ({ endpoint, downMs }: { endpoint: string; downMs: number }) =>
      void told.push(`up ${endpoint} after ${downMs}`),
  };
  const health = new EngineHealth(logger as unknown as Logger, () => clock.nowMs);
  const at = (nowMs: number): void => {
    clock.nowMs = nowMs;
    health.update();
  };
  return { health, told, at };
}

describe('EngineHealth', () => {
  it('says which endpoints can not be used, and why, by what any consumer says', () => {
    jest.useFakeTimers();
    using health = setUp().health;
    expect(health.condition).toBe('ok');
    health.report(1, { one: 'ECONNREFUSED' });
    health.report(2, { one: 'circuit open: ECONNREFUSED', two: 'status 401' });
    expect(health.condition).toBe('one: ECONNREFUSED; two: status 401');
    expect([...health.troubles.values()]).toMatchObject([{ consumers: [1, 2] }, { consumers: [2] }]);
    health.report(1, {});
    expect(health.condition).toBe('one: circuit open: ECONNREFUSED; two: status 401');
    health.report(2, {});
    expect(health.condition).toBe('ok');
    jest.useRealTimers();
  });

  it('tells the log once, reminds it every five minutes, and says when it is over', () => {
    jest.useFakeTimers();
    const { told, at, ...made } = setUp();
    using health = made.health;
    health.report(1, { one: 'gone' });
    health.report(2, { one: 'gone too' });
    for (let ms = 0; ms < 5 * minuteMs; ms += 5000) at(ms);
    expect(told).toEqual(['down one: gone']);
    at(5 * minuteMs);
    at(9 * minuteMs);
    expect(told).toEqual(['down one: gone', 'down one: gone']);
    health.report(1, {});
    at(9 * minuteMs + 20_000);
    expect(told).toHaveLength(2);
    health.report(2, {});
    at(9 * minuteMs + 29_999);
    expect(told).toHaveLength(2);
    at(9 * minuteMs + 30_000);
    expect(told.slice(2)).toEqual([`up one after ${9 * minuteMs + 20_000}`]);
    jest.useRealTimers();
  });

  it('tells once of one that goes up and down, and again of one that goes down later', () => {
    jest.useFakeTimers();
    const { told, at, ...made } = setUp();
    using health = made.health;
    for (let ms = 0; ms < 60_000; ms += 4000) {
      health.report(1, { one: 'gone' });
      at(ms);
      health.report(1, {});
      at(ms + 2000);
    }
    expect(told).toEqual(['down one: gone']);
    at(100_000);
    health.report(1, { one: 'gone' });
    expect(told).toEqual(['down one: gone', 'up one after 56000', 'down one: gone']);
    jest.useRealTimers();
  });
});
