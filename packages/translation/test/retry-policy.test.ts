import { expect, it } from '@jest/globals';
import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineUnavailableError,
  type RetryPolicy,
} from '../src/index.ts';
import { decideRetry, decideTurn, type FailedAttempt } from '../src/service/retry-policy.ts';

const policy: RetryPolicy = {
  maxAttempts: 4,
  baseDelayMs: 100,
  maxDelayMs: 300,
  deadlineMs: 10_000,
  longestTurnWaitMs: 60_000,
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
  ['the first wait', {}, retryIn(50)],
  ['the second, doubled', { attempts: 2 }, retryIn(100)],
  ['the third, bounded', { attempts: 3 }, retryIn(150)],
  ['no wait at all by chance', { random: 0 }, retryIn(0)],
  ['the attempts used up', { attempts: 4 }, giveUp],
  ['a refusal', { error: new EngineRejectedError('bad key') }, giveUp],
  ['a rate limit that names no time', { error: new EngineRateLimitedError('slow down', undefined) }, retryIn(50)],
  ['a call that was not made', { error: new EngineDownError(2000), attempts: 0 }, retryIn(2050)],
  ['an engine that is down past the deadline', { error: new EngineDownError(9000), elapsedMs: 2000 }, giveUp],
  ['a wait that ends at the deadline', { elapsedMs: 9950 }, retryIn(50)],
  ['a wait that ends behind the deadline', { elapsedMs: 9951 }, giveUp],
  ['the first bad reply', { error: badReply, badReplies: 1 }, retryIn(0)],
  ['the second bad reply', { error: badReply, attempts: 2, badReplies: 2 }, giveUp],
  ['a bad reply after another fault', { error: badReply, attempts: 3, badReplies: 1 }, retryIn(0)],
])('decideRetry: %s', (_, given, expected) => {
  expect(decideRetry({ ...failed, ...given }, policy)).toEqual(expected);
});

it.each([
  ['the first wait for room', { refusals: 1 }, retryIn(1025)],
  ['the third, spread more', { refusals: 3 }, retryIn(1100)],
  ['a late one, spread at most a second', { refusals: 50 }, retryIn(1500)],
  ['one behind ten of its session', { refusals: 1, behind: 10 }, retryIn(1525)],
  ['one behind hundreds', { refusals: 1, behind: 400 }, retryIn(6025)],
  ['one that would be too long in all', { refusals: 1, turnWaitMs: 59_000 }, giveUp],
])('decideTurn: %s', (_, given, expected) => {
  const turn = { retryAfterMs: 1000, turnWaitMs: 0, behind: 0, random: 0.5, ...given };
  expect(decideTurn(turn, policy)).toEqual(expected);
});
