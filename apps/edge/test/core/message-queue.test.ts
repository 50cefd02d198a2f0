import { describe, expect, it } from '@jest/globals';
import { MessageQueue } from '../../src/core/message-queue.ts';

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
});
