export { HolderBalance } from './holder-balance.ts';
export type { PartialJob } from './partial-job.ts';
export { maxPartialTargets } from './put-partial.ts';
export type { PutPartial, PutRefusal, PutResult } from './put-partial.ts';
export {
  segmentLeaseMs,
  SegmentStore,
  type CommitStatus,
  type OpenSegment,
  type Release,
  type RenewedLease,
  type SegmentLease,
  type ShownPartial,
  type TakenSegment,
} from './segment-store.ts';
export type { SegmentTarget } from './segment-target.ts';
export type { TranscriptMetadata } from './transcript-metadata.ts';
export { WorkChannels, type WorkListener } from './work-channels.ts';
export type { SegmentWork, WorkMessage } from './work-message.ts';
