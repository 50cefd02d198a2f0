import { describe, expect, it } from '@jest/globals';
import { MessageQueue } from '../../src/core/message-queue.ts';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';

const roomy = { maxWaitingFrames: 10, maxWaitingBytes: 1000 };

describe('the message queue of a client', () => {
  it('handles one message at a time, after its first promise', async () => {
    const entered = Promise.withResolvers<undefined>();
    const done: string[] = [];
    const queue = new MessageQueue(
      roomy,
      entered.promise.then(() => void done.push('entered')),
    );
    queue.add(1, async () => {
      await Promise.resolve();
      done.push('first');
    });
    queue.add(1, () => Promise.resolve(void done.push('second')));
    queue.addLast(() => Promise.resolve(void done.push('left')));
    expect(done).toEqual([]);
    entered.resolve(undefined);
    await queue.idle();
    expect(done).toEqual(['entered', 'first', 'second', 'left']);
  });

  it.each([
    ['messages', { ...roomy, maxWaitingFrames: 2 }],
    ['bytes', { ...roomy, maxWaitingBytes: 20 }],
  ])('limits the waiting %s and accepts more when some are done', async (_what, limits) => {
    const queue = new MessageQueue(limits, Promise.resolve());
    const nothing = (): Promise<void> => Promise.resolve();
    expect([1, 2, 3].map(() => queue.add(10, nothing))).toEqual([true, true, false]);
    await queue.idle();
    expect(queue.add(10, nothing)).toBe(true);
  });

  it('counts what waits, and drops it if it is too much for the edge', async () => {
    const budget = new BufferBudget(100);
    const account = budget.open(() => queue.cut());
    const { promise: first, resolve } = Promise.withResolvers<undefined>();
    const queue: MessageQueue = new MessageQueue(roomy, first, account);
    const handled: number[] = [];
    const add = (bytes: number) => queue.add(bytes, () => Promise.resolve(void handled.push(bytes)));
    expect([add(40), add(60), budget.totalBytes]).toEqual([true, true, 100]);
    add(1);
    expect([budget.totalBytes, add(2)]).toEqual([0, false]);
    queue.addLast(() => Promise.resolve(void handled.push(0)));
    resolve(undefined);
    await queue.idle();
    expect(handled).toEqual([0]);
  });

  it('counts nothing once everything is handled', async () => {
    const budget = new BufferBudget(100);
    const queue = new MessageQueue(
      roomy,
      Promise.resolve(),
      budget.open(() => undefined),
    );
    for (const bytes of [10, 20]) queue.add(bytes, () => Promise.resolve());
    expect(budget.totalBytes).toBe(30);
    await queue.idle();
    expect(budget.totalBytes).toBe(0);
  });
});
