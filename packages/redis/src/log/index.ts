export { EarlierFinals } from './earlier-finals.ts';
export {
  concludedLengthOf,
  type CorrectedEntry,
  type LogEntry,
  type PartialResult,
  type ShownCaption,
} from './log-entry.ts';
export { LogReader, type FoundLogEntry } from './log-reader.ts';
