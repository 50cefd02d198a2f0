import { expect, it } from '@jest/globals';
import { TranscriptQueue, TranscriptQueueFullError } from '../../src/transcript/transcript-queue.ts';

it('makes one transcript at a time, also after one has failed', async () => {
  const queue = new TranscriptQueue();
  const finish = Promise.withResolvers<string>();
  const steps: string[] = [];
  const first = queue.run(() => finish.promise);
  const second = queue.run(() => {
    steps.push('second');
    return Promise.reject(new Error('a fault'));
  });
  const third = queue.run(() => Promise.resolve(steps.push('third')));
  await new Promise(setImmediate);
  expect(steps).toEqual([]);
  finish.resolve('first');
  expect(await first).toBe('first');
  await expect(second).rejects.toThrow('a fault');
  await third;
  expect(steps).toEqual(['second', 'third']);
});

it('refuses a transcript if too many wait', async () => {
  const queue = new TranscriptQueue();
  const finish = Promise.withResolvers<undefined>();
  const waiting = Array.from({ length: 200 }, () => queue.run(() => finish.promise));
  await expect(queue.run(() => finish.promise)).rejects.toThrow(TranscriptQueueFullError);
  finish.resolve(undefined);
  await Promise.all(waiting);
  await queue.run(() => Promise.resolve());
});
