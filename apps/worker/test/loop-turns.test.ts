import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { LoopTurns } from '../src/partials/loop-turns.ts';

function workFor(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

it('each piece of work has a turn of the event loop of its own, in the order in which they asked', async () => {
  const turns = new LoopTurns();
  const happened: string[] = [];
  const work = ['one', 'two', 'three'].map(async (name) => {
    await turns.next();
    turns.run(() => happened.push(name));
  });
  for (let turn = 0; turn < 10; turn++) {
    await nextLoopTurn();
    happened.push('turn');
  }
  await Promise.all(work);
  expect(happened.filter((what) => what !== 'turn')).toEqual(['one', 'two', 'three']);
  expect(happened.join(' ')).toMatch(/^one (?:turn )+two (?:turn )+three/);
});

it('long work is followed by as long a pause, in which others have the event loop', async () => {
  const turns = new LoopTurns();
  const worked: [from: number, to: number][] = [];
  const work = async (): Promise<void> => {
    await turns.next();
    turns.run(() => {
      const from = performance.now();
      workFor(20);
      worked.push([from, performance.now()]);
    });
  };
  await Promise.all([work(), work(), work()]);
  const pausesMs = worked.slice(1).map(([from], index) => from - (worked[index]?.[1] ?? 0));
  expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(18);
});

it('the result of the work is returned, and an error thrown', () => {
  const turns = new LoopTurns();
  expect(turns.run(() => 'done')).toBe('done');
  const failure = new Error('no');
  expect(() => {
    turns.run(() => {
      throw failure;
    });
  }).toThrow(failure);
});
