import type { LaneProducer } from '@parley/lanes';

/** Adds the tickets that a put asked for to the lane. */
export async function addPartialJobs(
  lanes: LaneProducer,
  { sessionId, segmentId }: { readonly sessionId: string; readonly segmentId: number },
  tickets: readonly { readonly target: string; readonly ticket: string; readonly priority: number }[],
): Promise<void> {
  await lanes.add(
    'partial',
    tickets.map(({ target, ticket, priority }) => ({
      data: { v: 1, sessionId, segmentId, target, number: ticket },
      priority,
    })),
  );
}
