export { TranscriptStore, type KeptTranscript } from './transcript-store.ts';
