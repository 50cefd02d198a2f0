import type { ClientMessageType } from '@parley/protocol';

/** Frames up to this size count once; transcripts are much smaller. */
const bytesPerFrame = 4096;
/** Opening, joining, resuming or changing a session reads its log and its settings, and changes leases. */
const sessionWork = 20;
/** The first partial of a segment has a worker thread take the segment, and finish or drop it again. */
export const newSegmentWork = 5;

/** How many ordinary frames a frame counts for by its size, before it is parsed. Pure. */
export function sizeCost(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / bytesPerFrame));
}

/** How many ordinary frames the work of a message counts for in addition. Pure. */
export function workCost(type: ClientMessageType): number {
  switch (type) {
    case 'session.start':
    case 'session.resume':
    case 'session.join':
    case 'session.update':
      return sessionWork;
    case 'session.end':
    case 'transcript.partial':
    case 'transcript.final':
    case 'transcript.correct':
    case 'ping':
      return 0;
  }
}
