import { sourceOfMarked } from '@parley/checker';
import { startLiveSpeaker, type LiveSpeaker, type TestStack } from './index.ts';

const judge = { sourceOf: sourceOfMarked, exactPartials: true, isLossless: true };

/** Matches the report of a session without violations or failures. */
export const cleanReport = { violations: [], counts: { finalsFailed: 0 } };

/** For stacks whose engine holds replies: no call times out. */
export const longEngineTimeouts = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '30000', ENGINE_TOTAL_TIMEOUT_MS: '60000' };

/** A speaker whose history is checked strictly: nothing may be lost, and each partial must be the translation of its own revision. */
export const startCheckedSpeaker = (stack: TestStack, targetLanguages: string[]): Promise<LiveSpeaker> =>
  startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages, stability: 'off' }, judge);
