import type { Clock } from '../clock.ts';
import { EngineRejectedError, EngineReplyError } from '../engine/engine-error.ts';
import type { Engine, TranslationRequest } from '../engine/engine.ts';
import { batchKey } from './batch-key.ts';
import { batchReplies } from './batch-replies.ts';
import { PendingBatch, type BatchItem, type BatchSize } from './pending-batch.ts';

/** `answered`: every text got its translation; `fell-apart`: the answer could not be used; `failed`: there was none. */
export type BatchOutcome = 'answered' | 'fell-apart' | 'failed';

export interface BatchingOptions {
  /** Whether the rate limit is so tight that a request saved is worth the wait. */
  readonly isTight: () => boolean;
  readonly clock: Clock;
  readonly onBatch?: (texts: number, outcome: BatchOutcome) => void;
}

/** Beyond so many texts or characters, one answer takes too long and one fault costs too much. */
const size: BatchSize = { maxTexts: 8, maxCharacters: 4000 };
/** How long the first text waits for others. */
const gatherMs = 120;
/** How long an endpoint that refused a batch is asked for none: it may know none, or not have liked a text. */
const refusedForMs = 300_000;

/**
 * Lets finals of one tenant and language pair share a request while the rate limit is tight, and never else: sharing costs
 * time. An answer that can't be used falls apart into a request for each text. Partials, texts with a history of their
 * own, and those that are asked for again with stricter instructions travel alone.
 */
export function createBatchingEngine(engine: Engine, options: BatchingOptions): Engine {
  const translateBatch = engine.translateBatch?.bind(engine);
  return translateBatch === undefined ? engine : batching(engine, translateBatch, options);
}

function batching(
  engine: Engine,
  translateBatch: NonNullable<Engine['translateBatch']>,
  { isTight, clock, onBatch }: BatchingOptions,
): Engine {
  const gathering = new Map<string, PendingBatch>();
  let refusedUntilMs = -Infinity;

  function join(request: TranslationRequest): BatchItem {
    const key = batchKey(request);
    const found = gathering.get(key);
    if (found?.fits(request) === true) return found.add(request);
    const batch = new PendingBatch(size);
    gathering.set(key, batch);
    const item = batch.add(request);
    void gather(key, batch).then(ask);
    return item;
  }

  async function gather(key: string, batch: PendingBatch): Promise<PendingBatch> {
    await clock.delay(gatherMs, batch.full).catch(() => undefined);
    if (gathering.get(key) === batch) gathering.delete(key);
    return batch;
  }

  async function ask({ items, unwantedByAll }: PendingBatch): Promise<void> {
    if (items.length <= 1) {
      for (const item of items) item.settle('alone');
      return;
    }
    try {
      const requests = items.map(({ request }) => request);
      const replies = await batchReplies(requests, translateBatch(requests, unwantedByAll));
      onBatch?.(items.length, 'answered');
      items.forEach((item, index) => item.settle(replies[index] ?? 'alone'));
    } catch (error) {
      // An endpoint that refuses the request as such may know no batches; the texts alone will tell.
      if (error instanceof EngineRejectedError) refusedUntilMs = clock.now() + refusedForMs;
      const fallsApart = error instanceof EngineReplyError || error instanceof EngineRejectedError;
      onBatch?.(items.length, fallsApart ? 'fell-apart' : 'failed');
      for (const item of items) {
        if (fallsApart) item.settle('alone');
        else item.fail(error);
      }
    }
  }

  return {
    ...engine,
    async *translate(request) {
      const goesAlone = travelsAlone(request) || clock.now() < refusedUntilMs || !isTight();
      const outcome = goesAlone ? 'alone' : await join(request).outcome;
      if (outcome === 'alone') yield* engine.translate(request);
      else yield* outcome;
    },
  };
}

/** What was said before stands in the chat as earlier turns: in a request of several texts, all of them would have it. */
function travelsAlone({ kind, strict, history = [] }: TranslationRequest): boolean {
  return kind === 'partial' || strict === true || history.length > 0;
}
