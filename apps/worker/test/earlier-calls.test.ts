import { TranslationPostponed, type EarlierCalls } from '@parley/translation';
import { describe, expect, it } from '@jest/globals';
import { earlierCalls, keptCalls } from '../src/consumer/earlier-calls.ts';

const soFar: EarlierCalls = { attempts: 1, badReplies: 0, elapsedMs: 300, engineMs: 200 };

/** What another worker reads of it. */
function readElsewhere(postponed: TranslationPostponed): EarlierCalls {
  const written = JSON.stringify(keptCalls(postponed));
  return earlierCalls(JSON.parse(written) as EarlierCalls);
}

describe('what a final’s job keeps of its calls', () => {
  it('goes on counting from the first call where it waits to be made again', () => {
    const read = readElsewhere(new TranslationPostponed(500, soFar, 'retry'));
    expect(read).toEqual({ ...soFar, elapsedMs: 800 });
  });

  it('counts the time in the lane as a wait for room where it waits for that', () => {
    const waited = { ...soFar, turns: { waitMs: 100, refusals: 2 } };
    const read = readElsewhere(new TranslationPostponed(500, waited, 'turn'));
    expect(read).toEqual({ ...soFar, turns: { waitMs: 600, refusals: 2 } });
  });

  it('is read as older workers wrote it', () => {
    const { elapsedMs: _elapsedMs, ...rest } = soFar;
    const kept = { ...rest, firstCallAtMs: 10_000, turnSinceMs: 11_000, turns: { waitMs: 100, refusals: 2 } };
    expect(earlierCalls(kept)).toEqual({ ...soFar, elapsedMs: 0, turns: { waitMs: 100, refusals: 2 } });
  });
});
