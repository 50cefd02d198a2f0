import { expect, it } from '@jest/globals';
import {
  EngineDownError,
  EngineRejectedError,
  EngineReplyError,
  EngineUnavailableError,
  type RetryPolicy,
} from '../src/index.ts';
import { decideRateLimitWait, decideRetry, isLastTry, type FailedAttempt } from '../src/translate/retry-policy.ts';

const policy: RetryPolicy = {
  baseDelayMs: 100,
  maxDelayMs: 300,
  deadlineMs: 10_000,
  maxRateLimitWaitMs: 60_000,
};
const giveUp = { type: 'give-up' };
const retryIn = (delayMs: number) => ({ type: 'retry', delayMs });
const failed: FailedAttempt = {
  error: new EngineUnavailableError('down'),
  attempts: 1,
  badReplies: 0,
  elapsedMs: 0,
  random: 0.5,
};
const badReply = new EngineReplyError('no translation');

it.each<[string, Partial<FailedAttempt>, object]>([
  ['the first wait', {}, retryIn(75)],
  ['the second, doubled', { attempts: 2 }, retryIn(150)],
  ['the third, bounded', { attempts: 3 }, retryIn(225)],
  ['no wait shorter than half of its bound', { random: 0 }, retryIn(50)],
  ['many attempts before the deadline', { attempts: 40 }, retryIn(225)],
  ['a refusal', { error: new EngineRejectedError('bad key') }, giveUp],
  ['a call that was not made', { error: new EngineDownError(2000), attempts: 0 }, retryIn(2050)],
  ['an engine that is down past the deadline', { error: new EngineDownError(9000), elapsedMs: 2000 }, retryIn(8000)],
  ['a wait that would end behind the deadline', { elapsedMs: 9951 }, retryIn(49)],
  ['the deadline', { elapsedMs: 9_999 }, giveUp],
  ['the first bad reply', { error: badReply, badReplies: 1 }, retryIn(0)],
  ['the second bad reply', { error: badReply, attempts: 2, badReplies: 2 }, giveUp],
  ['a bad reply after another fault', { error: badReply, attempts: 3, badReplies: 1 }, retryIn(0)],
])('decideRetry: %s', (_, given, expected) => {
  expect(decideRetry({ ...failed, ...given }, policy)).toEqual(expected);
});

it.each([
  [9_000, policy, false],
  [9_999, policy, true],
  [20_000, policy, true],
  [0, { deadlineMs: 0 }, false],
])('isLastTry: after %i ms', (elapsedMs, given, expected) => {
  expect(isLastTry(elapsedMs, given)).toBe(expected);
});

it('calls to an engine that fails at once are spread over all the time there is, and few', () => {
  const live = { baseDelayMs: 100, maxDelayMs: 2000, deadlineMs: 15_000, maxRateLimitWaitMs: 0 };
  for (const random of [0, 0.5, 0.999]) {
    const calledAtMs = [0];
    for (;;) {
      const elapsedMs = calledAtMs.at(-1) ?? 0;
      const decision = decideRetry({ ...failed, attempts: calledAtMs.length, elapsedMs, random }, live);
      if (decision.type === 'give-up') break;
      calledAtMs.push(elapsedMs + decision.delayMs);
    }
    expect(calledAtMs.length).toBeLessThanOrEqual(20);
    expect(calledAtMs.at(-1)).toBe(15_000);
    const gapsMs = calledAtMs.slice(1).map((atMs, index) => atMs - (calledAtMs[index] ?? 0));
    expect(Math.max(...gapsMs)).toBeLessThanOrEqual(2000);
  }
});

it.each([
  ['the first wait for room', { refusals: 1 }, retryIn(1025)],
  ['the third, spread more', { refusals: 3 }, retryIn(1100)],
  ['a late one, spread at most a second', { refusals: 50 }, retryIn(1500)],
  ['one behind ten of its session', { refusals: 1, backlogPosition: 10 }, retryIn(1525)],
  ['one behind hundreds', { refusals: 1, backlogPosition: 400 }, retryIn(6025)],
  ['one that would be too long in all', { refusals: 1, waitedMs: 59_000 }, giveUp],
])('decideRateLimitWait: %s', (_, given, expected) => {
  const refused = { retryAfterMs: 1000, waitedMs: 0, backlogPosition: 0, random: 0.5, ...given };
  expect(decideRateLimitWait(refused, policy)).toEqual(expected);
});
