import { expect, it } from '@jest/globals';
import { LoginAttempts } from '../src/login-attempts.ts';

function attempts() {
  const clock = { nowMs: 0 };
  const limits = { windowMs: 1000, maxPerAddress: 2, maxInAll: 5 };
  return { clock, logins: new LoginAttempts(limits, () => clock.nowMs) };
}

it('stops an address after its failures, until the window ends', () => {
  const { clock, logins } = attempts();
  expect([logins.recordFailure('192.0.2.1'), logins.recordFailure('::ffff:192.0.2.1')]).toEqual([1, 2]);
  expect(logins.isAllowed('192.0.2.1')).toBe(false);
  expect(logins.isAllowed('192.0.2.2')).toBe(true);
  clock.nowMs = 999;
  expect(logins.isAllowed('192.0.2.1')).toBe(false);
  clock.nowMs = 1000;
  expect(logins.isAllowed('192.0.2.1')).toBe(true);
});

it('after the failures of many addresses, allows only those that have logged in', () => {
  const { logins } = attempts();
  logins.recordSuccess('192.0.2.100');
  for (let host = 1; host <= 5; host += 1) logins.recordFailure(`192.0.2.${host}`);
  expect(logins.isAllowed('192.0.2.50')).toBe(false);
  expect(logins.isAllowed('192.0.2.100')).toBe(true);
  logins.recordFailure('192.0.2.100');
  logins.recordFailure('192.0.2.100');
  expect(logins.isAllowed('192.0.2.100')).toBe(false);
});
