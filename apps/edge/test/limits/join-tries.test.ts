import { describe, expect, it } from '@jest/globals';
import { JoinTries } from '../../src/limits/join-tries.ts';

function triesAt(clock: { nowMs: number }): JoinTries {
  return new JoinTries(3, () => clock.nowMs);
}

function fail(tries: JoinTries, address: string, times = 3): void {
  for (let time = 0; time < times; time++) tries.failed(address);
}

describe('tries of join codes', () => {
  it('are allowed until so many have failed, for each address alone', () => {
    const tries = triesAt({ nowMs: 0 });
    fail(tries, '192.0.2.1', 2);
    expect(tries.allowed('192.0.2.1')).toBe(true);
    tries.failed('192.0.2.1');
    expect(tries.allowed('192.0.2.1')).toBe(false);
    expect(tries.allowed('192.0.2.2')).toBe(true);
  });

  it('are allowed again a minute after the first failure, and counted anew', () => {
    const clock = { nowMs: 0 };
    const tries = triesAt(clock);
    fail(tries, '192.0.2.1');
    clock.nowMs = 59_999;
    tries.failed('192.0.2.1');
    expect(tries.allowed('192.0.2.1')).toBe(false);
    clock.nowMs = 60_000;
    expect(tries.allowed('192.0.2.1')).toBe(true);
    fail(tries, '192.0.2.1', 2);
    expect(tries.allowed('192.0.2.1')).toBe(true);
    tries.failed('192.0.2.1');
    expect(tries.allowed('192.0.2.1')).toBe(false);
  });

  it.each([
    ['2001:db8::1', '2001:0DB8:0:0:ffff::2', false],
    ['2001:db8::1', '2001:db8:0:1::1', true],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', false],
    ['::1', '::2', false],
    ['::ffff:192.0.2.1', '192.0.2.1', false],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', true],
  ])('of %s count for %s by their network of 64 bits', (failing, other, allowed) => {
    const tries = triesAt({ nowMs: 0 });
    fail(tries, failing);
    expect(tries.allowed(other)).toBe(allowed);
  });

  it('are remembered of a bounded number of addresses', () => {
    const tries = triesAt({ nowMs: 0 });
    fail(tries, 'first');
    fail(tries, 'second');
    for (let other = 0; other < 9999; other++) tries.failed(`other ${other}`);
    expect(tries.allowed('first')).toBe(true);
    expect(tries.allowed('second')).toBe(false);
  });
});
