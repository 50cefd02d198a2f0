export {
  CorrectionStore,
  type CorrectableSegment,
  type CorrectionResult,
  type CorrectionWork,
  type FoundSegment,
} from './correction-store.ts';
