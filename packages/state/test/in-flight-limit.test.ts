import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { InFlightLimit } from '../src/index.ts';

describe('the calls in flight that a slot may have', () => {
  it('are those that workers publish, looked at every two seconds, and its own while there are none', async () => {
    let [now, reads] = [0, 0];
    let answer = (): Promise<{ partialInFlight?: number } | undefined> => Promise.resolve({ partialInFlight: 4 });
    const limit = new InFlightLimit(
      3,
      () => {
        reads++;
        return answer();
      },
      () => now,
    );
    expect(limit.value).toBe(3);
    await turn();
    expect([limit.value, reads]).toEqual([4, 1]);
    now = 2000;
    answer = () => Promise.reject(new Error('away'));
    expect(limit.value).toBe(4);
    await turn();
    expect([limit.value, reads]).toEqual([4, 2]);
    now = 4000;
    answer = () => Promise.resolve(undefined);
    expect(limit.value).toBe(4);
    await turn();
    expect(limit.value).toBe(3);
  });

  it('are two at first where they are to be measured', () => {
    expect(new InFlightLimit('auto', () => Promise.resolve({}), Date.now).value).toBe(2);
  });
});
