import { RetryLater, type RetryState } from '@parley/translation';
import { describe, expect, it } from '@jest/globals';
import { retryState, stateAfterWait } from '../src/consumer/stored-retry-state.ts';

const state: RetryState = { attempts: 1, badReplies: 0, elapsedMs: 300, engineMs: 200 };

/** What another worker reads of it. */
function readElsewhere(postponed: RetryLater): RetryState {
  const written = JSON.stringify(stateAfterWait(postponed));
  return retryState(JSON.parse(written) as RetryState);
}

describe('what a final’s job keeps of its calls', () => {
  it('goes on counting from the first call where it waits to be made again', () => {
    const read = readElsewhere(new RetryLater(500, state, 'backoff'));
    expect(read).toEqual({ ...state, elapsedMs: 800 });
  });

  it('counts the time in the queue as a rate-limit wait if it waits for that', () => {
    const waited = { ...state, rateLimitWaits: { waitMs: 100, refusals: 2 } };
    const read = readElsewhere(new RetryLater(500, waited, 'rate-limit'));
    expect(read).toEqual({ ...state, rateLimitWaits: { waitMs: 600, refusals: 2 } });
  });

  it('is read as older workers wrote it', () => {
    const { elapsedMs: _elapsedMs, ...rest } = state;
    const kept = { ...rest, firstCallAtMs: 10_000, turnSinceMs: 11_000, rateLimitWaits: { waitMs: 100, refusals: 2 } };
    expect(retryState(kept)).toEqual({ ...state, elapsedMs: 0, rateLimitWaits: { waitMs: 100, refusals: 2 } });
  });
});
