import type { TranslationRequest } from '../engine/engine.ts';

/**
 * What spared a call: a translation in this thread's `memory` or in the `cache` of all workers, or a call under way,
 * made by this thread (`joined-here`) or by another one (`joined-elsewhere`).
 */
export type SavedBy = 'memory' | 'cache' | 'joined-here' | 'joined-elsewhere';

/** Hears of every call that need not be made. */
export type OnSaved = (request: TranslationRequest, by: SavedBy) => void;
