import { describe, expect, it } from '@jest/globals';
import { DeadlineError } from '../../src/index.ts';
import { Waits } from '../../src/live/waits.ts';

describe('waits', () => {
  it('keep nothing of a key once its last wait is over, however that ended', async () => {
    const waits = new Waits<number, string>('answer');
    const controller = new AbortController();
    const patient = waits.wait(1, { timeoutMs: 60_000 });
    const hasty = waits.wait(1, { timeoutMs: 1 });
    const interrupted = waits.wait(2, { timeoutMs: 60_000, signal: controller.signal });
    await expect(hasty).rejects.toBeInstanceOf(DeadlineError);
    expect(waits.size).toBe(2);
    controller.abort(new Error('enough'));
    await expect(interrupted).rejects.toThrow('enough');
    expect(waits.size).toBe(1);
    waits.resolve(1, 'answered');
    expect(await patient).toBe('answered');
    expect(waits.size).toBe(0);
    await expect(waits.wait(3, { timeoutMs: 1 })).rejects.toBeInstanceOf(DeadlineError);
    expect(waits.size).toBe(0);
  });
});
