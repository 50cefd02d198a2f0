import { TranslationPostponed, type EarlierCalls } from '@parley/translation';
import { describe, expect, it } from '@jest/globals';
import { earlierCalls, keptCalls } from '../src/consumer/earlier-calls.ts';

const soFar: EarlierCalls = { attempts: 1, badReplies: 0, elapsedMs: 300, engineMs: 200, usage: undefined };

describe('what a final’s job keeps of its calls', () => {
  it('goes on counting from the first call where it waits to be made again', () => {
    const kept = keptCalls(new TranslationPostponed(500, soFar, 'retry'), 10_000);
    expect(earlierCalls(kept, 12_000)).toEqual({ ...soFar, elapsedMs: 2300 });
  });

  it('counts the time in the lane as a wait for room where it waits for that', () => {
    const waited = { ...soFar, turns: { waitMs: 100, refusals: 2 } };
    const kept = keptCalls(new TranslationPostponed(500, waited, 'turn'), 10_000);
    expect(earlierCalls(kept, 12_000)).toEqual({ ...soFar, turns: { waitMs: 2100, refusals: 2 } });
  });

  it('is read as older workers wrote it', () => {
    const { elapsedMs: _elapsedMs, ...rest } = soFar;
    expect(earlierCalls({ ...rest, firstCallAtMs: 10_000 }, 12_000)).toEqual({ ...soFar, elapsedMs: 2000 });
  });
});
