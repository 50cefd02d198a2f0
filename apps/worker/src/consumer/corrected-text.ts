import type { CorrectionStore } from '@parley/redis/correction';
import type { FinalWork, PendingStore, PreviewResult } from '@parley/redis/pending';
import type { SegmentTarget } from '@parley/redis/segment';

/** Where the text of a job is read, and where its result is written. */
export interface TextStore extends Pick<PendingStore, 'resolve' | 'preview'> {
  /** `early`: to be translated later. */
  read(segmentTarget: SegmentTarget): Promise<FinalWork | { readonly status: 'early' }>;
}

/** The corrected text of one job. It is translated like a final, but without previews: the earlier translation stays until then. */
export class CorrectedText implements TextStore {
  readonly #corrections: CorrectionStore;
  #version: string | undefined;

  constructor(corrections: CorrectionStore) {
    this.#corrections = corrections;
  }

  async read(segmentTarget: SegmentTarget): Promise<FinalWork | { readonly status: 'early' }> {
    const found = await this.#corrections.read(segmentTarget);
    if (found.status !== 'outstanding') return { status: found.status };
    const { version, text, metadata, settings, tenant, entry } = found;
    if (entry !== undefined) {
      await this.#corrections.resolve(segmentTarget, version, entry);
      return { status: 'none' };
    }
    this.#version = version;
    const shown = { revision: -1, caption: undefined };
    const final = { text, metadata, settings, tenant, shown, backlogPosition: 0, isHandedOver: false };
    return { status: 'outstanding', ...final };
  }

  /** If the translation has failed, the earlier one stays. */
  resolve(...[segmentTarget, result]: Parameters<PendingStore['resolve']>): Promise<'resolved' | 'none'> {
    if (result.type === 'failed') return this.#corrections.resolve(segmentTarget, this.#version, undefined);
    const { type: _type, cached, queueMs: _queueMs, engineMs: _engineMs, ...translation } = result;
    const entry = { ...translation, type: 'corrected' } as const;
    return this.#corrections.resolve(segmentTarget, this.#version, entry, { isTranslated: true, isCached: cached });
  }

  preview(): Promise<PreviewResult> {
    return Promise.resolve({ status: 'none' });
  }
}
