export { EarlierFinals } from './earlier-finals.ts';
export type { LogEntry, PartialResult } from './log-entry.ts';
export { LogReader, type FoundLogEntry } from './log-reader.ts';
