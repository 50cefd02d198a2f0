import { describe, expect, it } from '@jest/globals';
import { DeadlineError } from '../../src/index.ts';
import { Waiters } from '../../src/live/waiters.ts';

describe('Waiters', () => {
  it('removes a key after its last wait has ended', async () => {
    const waiters = new Waiters<number, string>('reply');
    const controller = new AbortController();
    const patient = waiters.wait(1, { timeoutMs: 60_000 });
    const hasty = waiters.wait(1, { timeoutMs: 1 });
    const interrupted = waiters.wait(2, { timeoutMs: 60_000, signal: controller.signal });
    await expect(hasty).rejects.toBeInstanceOf(DeadlineError);
    expect(waiters.size).toBe(2);
    controller.abort(new Error('enough'));
    await expect(interrupted).rejects.toThrow('enough');
    expect(waiters.size).toBe(1);
    waiters.resolve(1, 'answered');
    expect(await patient).toBe('answered');
    expect(waiters.size).toBe(0);
    await expect(waiters.wait(3, { timeoutMs: 1 })).rejects.toBeInstanceOf(DeadlineError);
    expect(waiters.size).toBe(0);
  });
});
