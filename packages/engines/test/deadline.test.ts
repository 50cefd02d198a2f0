import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EngineCancelledError, type EngineTimeoutError } from '@parley/translation';
import { startDeadline, timeoutsFor, type Deadline } from '../src/deadline.ts';

describe('the deadline of a call', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const caller = new AbortController();
  const start = (): Deadline => startDeadline(caller.signal, { firstTokenTimeoutMs: 100, totalTimeoutMs: 1000 });
  const stageOf = ({ signal }: Deadline): string | undefined =>
    signal.aborted ? (signal.reason as EngineTimeoutError).stage : undefined;

  it('expires if the first piece takes too long', () => {
    using deadline = start();
    jest.advanceTimersByTime(99);
    expect(stageOf(deadline)).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(stageOf(deadline)).toBe('first-token');
  });

  it('expires if the reply stalls after a piece', () => {
    using deadline = start();
    for (let piece = 0; piece < 5; piece++) {
      jest.advanceTimersByTime(99);
      deadline.pieceArrived();
    }
    jest.advanceTimersByTime(99);
    expect(stageOf(deadline)).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(stageOf(deadline)).toBe('next-token');
  });

  it('expires if the whole reply takes too long', () => {
    using deadline = start();
    for (let piece = 0; piece < 20; piece++) {
      jest.advanceTimersByTime(50);
      deadline.pieceArrived();
    }
    expect(stageOf(deadline)).toBe('total');
  });

  it('ends when the caller aborts, and leaves no timer', () => {
    const given = new AbortController();
    {
      using deadline = startDeadline(given.signal, { firstTokenTimeoutMs: 100, totalTimeoutMs: 1000 });
      deadline.pieceArrived();
      given.abort();
      expect(deadline.signal.reason).toBeInstanceOf(EngineCancelledError);
    }
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the time-outs for a text', () => {
  const given = { firstTokenTimeoutMs: 5000, totalTimeoutMs: 20_000 };

  it('are the configured ones for a sentence', () => {
    expect(timeoutsFor('x'.repeat(160), given, false)).toEqual(given);
  });

  it.each([
    ['streamed', true, 4564, { firstTokenTimeoutMs: 5000, totalTimeoutMs: 108_080 }],
    ['in one piece', false, 4564, { firstTokenTimeoutMs: 93_080, totalTimeoutMs: 108_080 }],
    ['of any length', false, 1_000_000, { firstTokenTimeoutMs: 305_000, totalTimeoutMs: 320_000 }],
  ])('grow with it: %s', (_how, isStreamed, characters, expected) => {
    expect(timeoutsFor('x'.repeat(characters), given, isStreamed)).toEqual(expected);
  });
});
