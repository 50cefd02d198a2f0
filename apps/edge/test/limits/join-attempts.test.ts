import { describe, expect, it } from '@jest/globals';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';

function triesAt(clock: { nowMs: number }): JoinAttempts {
  return new JoinAttempts(3, () => clock.nowMs);
}

let codes = 0;
const freshCode = (): string => `code ${codes++}`;

/** What an attempt with a code that is looked up and found wrong is told. */
function tryWrong(attempts: JoinAttempts, address: string): 'wrong' | 'too many' | 'not looked up' {
  const attempt = attempts.begin(address, freshCode());
  attempt?.settle(false);
  if (attempt === undefined) return 'not looked up';
  return attempt.isBeyondLimit ? 'too many' : 'wrong';
}

function fail(attempts: JoinAttempts, address: string, times = 3): void {
  for (let time = 0; time < times; time++) tryWrong(attempts, address);
}

const isAllowed = (attempts: JoinAttempts, address: string): boolean => tryWrong(attempts, address) === 'wrong';

describe('wrong join codes', () => {
  it('are limited per address', () => {
    const attempts = triesAt({ nowMs: 0 });
    fail(attempts, '192.0.2.1', 2);
    expect(isAllowed(attempts, '192.0.2.1')).toBe(true);
    expect(isAllowed(attempts, '192.0.2.1')).toBe(false);
    expect(isAllowed(attempts, '192.0.2.2')).toBe(true);
  });

  it('are counted before they are looked up', () => {
    const attempts = triesAt({ nowMs: 0 });
    const begun = Array.from({ length: 5 }, () => attempts.begin('192.0.2.1', freshCode()));
    expect(begun.map((attempt) => attempt?.isBeyondLimit)).toEqual([false, false, false, true, true]);
  });

  it('are allowed again one minute after the first failure, with a new count', () => {
    const clock = { nowMs: 0 };
    const attempts = triesAt(clock);
    fail(attempts, '192.0.2.1');
    clock.nowMs = 58_500;
    expect(attempts.retryAfterSeconds('192.0.2.1')).toBe(2);
    expect(attempts.retryAfterSeconds('192.0.2.2')).toBe(0);
    clock.nowMs = 59_999;
    expect(isAllowed(attempts, '192.0.2.1')).toBe(false);
    clock.nowMs = 60_000;
    expect(attempts.retryAfterSeconds('192.0.2.1')).toBe(0);
    fail(attempts, '192.0.2.1', 2);
    expect(isAllowed(attempts, '192.0.2.1')).toBe(true);
    expect(isAllowed(attempts, '192.0.2.1')).toBe(false);
  });

  it('above the limit are looked up at a rate that all addresses share', () => {
    const clock = { nowMs: 0 };
    const attempts = triesAt(clock);
    const addresses = Array.from({ length: 10 }, (_, index) => `192.0.2.${index}`);
    for (const address of addresses) fail(attempts, address);
    const results = addresses.flatMap((address) => Array.from({ length: 20 }, () => tryWrong(attempts, address)));
    expect(results.filter((result) => result === 'too many')).toHaveLength(100);
    expect(results.filter((result) => result === 'not looked up')).toHaveLength(100);
    clock.nowMs = 1000;
    const later = Array.from({ length: 100 }, () => tryWrong(attempts, '192.0.2.1'));
    expect(later.filter((result) => result === 'too many')).toHaveLength(50);
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
    expect(isAllowed(attempts, other)).toBe(allowed);
  });

  it('are tracked for a bounded number of addresses', () => {
    const attempts = triesAt({ nowMs: 0 });
    fail(attempts, 'first');
    fail(attempts, 'second');
    for (let other = 0; other < 9999; other++) tryWrong(attempts, `other ${other}`);
    expect(isAllowed(attempts, 'second')).toBe(false);
    expect(isAllowed(attempts, 'first')).toBe(true);
  });
});

describe('a right join code', () => {
  it('does not count', () => {
    const attempts = triesAt({ nowMs: 0 });
    for (let time = 0; time < 10; time++) attempts.begin('192.0.2.1', freshCode())?.settle(true);
    expect(isAllowed(attempts, '192.0.2.1')).toBe(true);
  });

  it('passes behind an address with too many wrong ones, if it was right lately', () => {
    const clock = { nowMs: 0 };
    const attempts = triesAt(clock);
    attempts.remember('started here');
    attempts.begin('192.0.2.9', 'joined here')?.settle(true);
    fail(attempts, '192.0.2.1', 1000);
    for (const code of ['started here', 'joined here']) {
      expect(attempts.begin('192.0.2.1', code)).toMatchObject({ isBeyondLimit: false });
    }
    expect(attempts.begin('192.0.2.1', 'other')).toBeUndefined();
    clock.nowMs = 600_000;
    fail(attempts, '192.0.2.1', 1000);
    expect(attempts.begin('192.0.2.1', 'started here')).toBeUndefined();
  });

  it('passes at the shared rate if it was not seen yet', () => {
    const attempts = triesAt({ nowMs: 0 });
    fail(attempts, '192.0.2.1', 50);
    const attempt = attempts.begin('192.0.2.1', 'first seen');
    attempt?.settle(true);
    fail(attempts, '192.0.2.1', 1000);
    expect(attempts.begin('192.0.2.1', 'first seen')).toBeDefined();
  });

  it('is forgotten when it is not right any more', () => {
    const attempts = triesAt({ nowMs: 0 });
    attempts.remember('old');
    attempts.begin('192.0.2.1', 'old')?.settle(false);
    fail(attempts, '192.0.2.1', 1000);
    expect(attempts.begin('192.0.2.1', 'old')).toBeUndefined();
  });

  it('is not counted as wrong if it could not be looked up', () => {
    const attempts = triesAt({ nowMs: 0 });
    for (let time = 0; time < 10; time++) attempts.begin('192.0.2.1', freshCode())?.settle(undefined);
    expect(isAllowed(attempts, '192.0.2.1')).toBe(true);
  });
});
