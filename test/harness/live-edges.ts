import type { TestStack } from './stack.ts';

/** Where clients find edges: all those of a stack, one after the other, or just these. */
export type Edges = Pick<TestStack, 'edges' | 'streamUrl'> | readonly [string, ...string[]];

/** Comes back sooner than a client outside of tests. */
export const quickBackoff = { firstMs: 20, maxMs: 200 };

export function urlsOf(edges: Edges): readonly [string, ...string[]] {
  if (!('edges' in edges)) return edges;
  const [first, ...others] = edges.edges.map((_edge, index) => edges.streamUrl(index));
  if (first === undefined) throw new Error('the stack has no edge');
  return [first, ...others];
}
