import type { TestStack } from './stack.ts';

/** The edges for clients: all edges of a stack, in order, or the given URLs. */
export type Edges = Pick<TestStack, 'edges' | 'streamUrl'> | readonly [string, ...string[]];

/** Reconnects faster than the default. */
export const quickBackoff = { firstMs: 20, maxMs: 200 };

export function urlsOf(edges: Edges): readonly [string, ...string[]] {
  if (!('edges' in edges)) return edges;
  const [first, ...others] = edges.edges.map((_edge, index) => edges.streamUrl(index));
  if (first === undefined) throw new Error('the stack has no edge');
  return [first, ...others];
}
