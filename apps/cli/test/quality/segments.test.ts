import { expect, it } from '@jest/globals';
import { segmentsOf } from '../../src/quality/segments.ts';

const event = (t: number, segment: number, final: boolean, text = `text ${t}`) => ({ t, segment, final, text });

it('splits interleaved segments and leaves out what is not shown', () => {
  const segments = segmentsOf([
    event(1, 1, false),
    event(2, 2, false),
    event(3, 1, false, ' '),
    event(4, 1, true),
    event(5, 1, false),
    event(6, 3, false),
    event(7, 2, true),
    event(8, 4, true),
    event(9, 2, true),
  ]);
  const times = segments.map(({ revisions, final }) => [revisions.map(({ t }) => t), final.t]);
  expect(times).toEqual([
    [[1], 4],
    [[2], 7],
    [[], 8],
  ]);
});
