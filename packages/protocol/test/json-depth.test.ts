import { describe, expect, it } from '@jest/globals';
import { isDeeperThan } from '../src/json-depth.ts';

describe('the depth of a JSON text', () => {
  it.each([
    ['{}', 1],
    ['[[1],[{"a":[]}],{}]', 4],
    ['{"a":"[[[[","b":"\\"[[","c":"\\\\","d":[1]}', 2],
    ['"[["', 0],
  ])('of %s is %i', (json, depth) => {
    expect(isDeeperThan(depth, json)).toBe(false);
    if (depth > 0) expect(isDeeperThan(depth - 1, json)).toBe(true);
  });
});
