import { sourceOfMarked } from '@parley/checker';
import { startLiveSpeaker, type LiveSpeaker, type TestStack } from '../harness/index.ts';

const judge = { sourceOf: sourceOfMarked, exactPartials: true, losesNothing: true };

/** What a speaker's end is like where every promise was kept. */
export const cleanReport = { violations: [], counts: { finalsFailed: 0 } };

/** For stacks whose engine holds its replies back: no call ends for want of time. */
export const longEngineTimeouts = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '30000', ENGINE_TOTAL_TIMEOUT_MS: '60000' };

/** A speaker whose every word is judged: nothing may be lost, and each partial is the translation of its very revision. */
export const startCheckedSpeaker = (stack: TestStack, targetLanguages: string[]): Promise<LiveSpeaker> =>
  startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages, stability: 'off' }, judge);
