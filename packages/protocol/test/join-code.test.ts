import { expect, it } from '@jest/globals';
import { canonicalJoinCode } from '../src/index.ts';

it.each(['K7QX2M01TA', 'k7qx2m01ta', 'K7QX-2M01-TA', ' k7qx 2mol ta ', 'K7QX2MOITA'])(
  'reads the join code %j',
  (typed) => {
    expect(canonicalJoinCode(typed)).toBe('K7QX2M01TA');
  },
);
