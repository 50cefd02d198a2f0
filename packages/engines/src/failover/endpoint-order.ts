/** Calls at one endpoint, each over a connection of its own, before the next endpoint's turn. */
const attemptsEach = 2;

/**
 * The order in which endpoints are asked: that of the list, begun at the one whose turn it is after so many attempts in
 * vain. Each gets two in a row, and after the last comes the first again.
 */
export function endpointOrder<Endpoint>(endpoints: readonly Endpoint[], earlierAttempts: number): readonly Endpoint[] {
  const first = Math.floor(earlierAttempts / attemptsEach) % Math.max(1, endpoints.length);
  return [...endpoints.slice(first), ...endpoints.slice(0, first)];
}
