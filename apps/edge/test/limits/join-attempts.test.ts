import { describe, expect, it } from '@jest/globals';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';

function triesAt(clock: { nowMs: number }): JoinAttempts {
  return new JoinAttempts(3, () => clock.nowMs);
}

function fail(attempts: JoinAttempts, address: string, times = 3): void {
  for (let time = 0; time < times; time++) attempts.recordFailure(address);
}

describe('wrong join codes', () => {
  it('are limited per address', () => {
    const attempts = triesAt({ nowMs: 0 });
    fail(attempts, '192.0.2.1', 2);
    expect(attempts.isAllowed('192.0.2.1')).toBe(true);
    attempts.recordFailure('192.0.2.1');
    expect(attempts.isAllowed('192.0.2.1')).toBe(false);
    expect(attempts.isAllowed('192.0.2.2')).toBe(true);
  });

  it('are allowed again one minute after the first failure, with a new count', () => {
    const clock = { nowMs: 0 };
    const attempts = triesAt(clock);
    fail(attempts, '192.0.2.1');
    clock.nowMs = 59_999;
    attempts.recordFailure('192.0.2.1');
    expect(attempts.isAllowed('192.0.2.1')).toBe(false);
    clock.nowMs = 60_000;
    expect(attempts.isAllowed('192.0.2.1')).toBe(true);
    fail(attempts, '192.0.2.1', 2);
    expect(attempts.isAllowed('192.0.2.1')).toBe(true);
    attempts.recordFailure('192.0.2.1');
    expect(attempts.isAllowed('192.0.2.1')).toBe(false);
  });

  it.each([
    ['2001:db8::1', '2001:0DB8:0:0:ffff::2', false],
    ['2001:db8::1', '2001:db8:0:1::1', true],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', false],
    ['::1', '::2', false],
    ['::ffff:192.0.2.1', '192.0.2.1', false],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', true],
  ])('of %s count for %s by their 64-bit network', (failing, other, allowed) => {
    const attempts = triesAt({ nowMs: 0 });
    fail(attempts, failing);
    expect(attempts.isAllowed(other)).toBe(allowed);
  });

  it('are tracked for a bounded number of addresses', () => {
    const attempts = triesAt({ nowMs: 0 });
    fail(attempts, 'first');
    fail(attempts, 'second');
    for (let other = 0; other < 9999; other++) attempts.recordFailure(`other ${other}`);
    expect(attempts.isAllowed('first')).toBe(true);
    expect(attempts.isAllowed('second')).toBe(false);
  });
});
