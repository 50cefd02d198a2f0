import { describe, expect, it } from '@jest/globals';
import { partialStreaming } from '../src/calls/decide-streaming.ts';

describe('streaming of partials', () => {
  it('is decided from how long replies take, every five seconds', () => {
    let now = 0;
    let medianMs: number | undefined;
    const streams = partialStreaming(
      'auto',
      () => ({ medianMs }),
      () => now,
    );
    expect(streams()).toBe(true);
    medianMs = 799;
    now = 4999;
    expect(streams()).toBe(true);
    now = 5000;
    expect(streams()).toBe(false);
    medianMs = 800;
    now = 10_000;
    expect(streams()).toBe(true);
    medianMs = undefined;
    now = 15_000;
    expect(streams()).toBe(true);
  });

  it.each([
    ['on', true],
    ['off', false],
  ] as const)('is %s where that is set', (setting, expected) => {
    expect(partialStreaming(setting, () => ({ medianMs: 10_000 }))()).toBe(expected);
  });
});
