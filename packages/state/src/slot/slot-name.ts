import { sessionKeys } from '../redis/keys.ts';

/** One (session, segment, target): what a slot is named by. */
export interface SlotName {
  readonly sessionId: string;
  readonly segmentId: number;
  readonly target: string;
}

/** The keys of a slot and of what says whether it may be used: its session and the segments of that. */
export function slotKeys({ sessionId, segmentId, target }: SlotName): string[] {
  const keys = sessionKeys(sessionId);
  return [keys.session, keys.segments, keys.slot(segmentId, target)];
}
