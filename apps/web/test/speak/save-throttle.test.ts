import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SaveThrottle } from '../../src/speak/talk/save-throttle.ts';

describe('SaveThrottle', () => {
  let saves = 0;
  const throttle = (): SaveThrottle => new SaveThrottle({ save: () => (saves += 1), intervalMs: 1000 });
  beforeEach(() => {
    saves = 0;
    jest.useFakeTimers();
  });
  afterEach(() => void jest.useRealTimers());

  it('saves the first change at once, and all that follow once per interval', () => {
    const kept = throttle();
    kept.changed();
    expect(saves).toBe(1);
    for (let message = 0; message < 100; message += 1) {
      kept.changed();
      jest.advanceTimersByTime(30);
    }
    expect(saves).toBe(1 + 3);
    kept.changed();
    jest.advanceTimersByTime(10_000);
    expect([saves, jest.getTimerCount()]).toEqual([1 + 3 + 1, 0]);
  });

  it('saves what is due on demand, and nothing that was saved', () => {
    const kept = throttle();
    kept.flush();
    expect(saves).toBe(0);
    kept.changed();
    kept.flush();
    expect(saves).toBe(1);
    kept.changed();
    kept.flush();
    expect(saves).toBe(2);
  });

  it('forgets changes on demand', () => {
    const kept = throttle();
    kept.changed();
    kept.changed();
    kept.cancel();
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(10_000);
    kept.flush();
    expect(saves).toBe(1);
  });
});
